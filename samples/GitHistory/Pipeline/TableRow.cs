using System.Runtime.InteropServices;
using Apache.Arrow;
using GitHistory.Proof;

namespace GitHistory.Pipeline;

/// <summary>One row of a record batch. Equal texts become one string, since a history repeats its paths and blobs many times.</summary>
internal readonly struct TableRow(RecordBatch batch, int row, Dictionary<string, string> texts)
{
    /// <summary>The file in the first four columns: path, mode, blob, size.</summary>
    public FileRow File() => new(Text(0)!, Text(1), Text(2), Long(3));

    public string? Text(int column)
    {
        string? text = ((StringArray)batch.Column(column)).GetString(row);
        return text is null ? null : CollectionsMarshal.GetValueRefOrAddDefault(texts, text, out _) ??= text;
    }

    public long? Long(int column) => ((Int64Array)batch.Column(column)).GetValue(row);

    /// <summary>A value that is never null.</summary>
    public bool Boolean(int column) => ((BooleanArray)batch.Column(column)).GetValue(row)!.Value;
}
