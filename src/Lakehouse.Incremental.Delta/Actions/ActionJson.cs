using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>Actions as the JSON lines of commit files. Reading is lenient: unknown actions and fields are skipped, order does not matter.</summary>
internal static class ActionJson
{
    private static readonly JsonDocumentOptions s_reading = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    // Statistics and schemas are JSON inside of JSON: the default encoder would make each quote six characters long.
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one action as one object, without a line end.</summary>
    public static void Write(Utf8JsonWriter writer, DeltaAction action) => ActionWriter.Write(writer, action);

    /// <summary>The content of a commit file: one action a line, in the given order.</summary>
    public static byte[] WriteCommit(IEnumerable<DeltaAction> actions)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        using Utf8JsonWriter writer = new(buffer, s_writing);
        foreach (DeltaAction action in actions)
        {
            writer.Reset(buffer);
            ActionWriter.Write(writer, action);
            writer.Flush();
            buffer.Write("\n"u8);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a commit file, or a JSON checkpoint.</summary>
    /// <param name="ndjson">UTF-8, one JSON object a line; empty lines are skipped.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="CorruptTableException">A line is not the JSON it should be; the message names file and line.</exception>
    public static IReadOnlyList<DeltaAction> ReadCommit(ReadOnlyMemory<byte> ndjson, string fileName)
    {
        List<DeltaAction> actions = [];
        ReadOnlyMemory<byte> rest = ndjson.Span.StartsWith("\uFEFF"u8) ? ndjson[3..] : ndjson;
        for (int line = 1; !rest.IsEmpty; line++)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (text.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                ReadLine(text, fileName, line, actions);
            }
        }

        return actions;
    }

    private static void ReadLine(ReadOnlyMemory<byte> text, string fileName, int line, List<DeltaAction> actions)
    {
        try
        {
            if (!Utf8.IsValid(text.Span))
            {
                throw new FormatException("the line is not UTF-8");
            }

            using JsonDocument document = JsonDocument.Parse(text, s_reading);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("the line is not a JSON object");
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.Null && ActionParser.Parse(property.Name, property.Value) is { } action)
                {
                    actions.Add(action);
                }
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            // InvalidOperationException is how the JSON reader reports text that is not valid UTF-8 or UTF-16.
            throw new CorruptTableException(
                ErrorCodes.CorruptLog,
                string.Create(CultureInfo.InvariantCulture, $"Line {line} of '{fileName}' cannot be read: {error.Message}"),
                error);
        }
    }
}
