using System.Globalization;
using System.Text;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Paths of data files: in the log they are percent-encoded URIs relative to the table, on storage they are plain (protocol notes, section 4).
/// </summary>
internal static class DataFilePath
{
    private const string ThisMachine = "//localhost/";

    // No colon: before a slash it looks like the end of a URI's scheme.
    private const string Kept = "-_.~!$&'()*+,;=@/";

    /// <summary>The path on storage of a path in the log: decoded once, and inside of the table.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.PathNotAllowed"/>: an absolute path or URI, or a step out of the table.</exception>
    public static string Decode(string logPath)
    {
        // A URI may begin at the table by name; a dot anywhere else has no reason to be there.
        string path = Unescape(logPath.StartsWith("./", StringComparison.Ordinal) ? logPath[2..] : logPath);
        bool absolute = path.Length == 0 || path[0] == '/' || HasScheme(logPath);
        if (absolute || path.Contains('\\', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal)
            || path.Split('/').Any(segment => segment is ".." or "." or ""))
        {
            throw new LakehouseException(ErrorCodes.PathNotAllowed, $"The path '{logPath}' in the log does not lie inside of the table.");
        }

        return path;
    }

    /// <summary>
    /// The path on this machine of an absolute path or <c>file:</c> URI without steps up in it; null for a relative path and for everything else,
    /// which <see cref="Decode"/> refuses.
    /// </summary>
    public static string? TryAbsolute(string logPath)
    {
        bool isFile = logPath.StartsWith("file:/", StringComparison.OrdinalIgnoreCase);
        if (!isFile && !logPath.StartsWith('/'))
        {
            return null;
        }

        // file:/a, file:///a, file://localhost/a; another host between the slashes is not followed.
        string path = isFile ? logPath["file:".Length..] : logPath;
        path = isFile && path.StartsWith(ThisMachine, StringComparison.OrdinalIgnoreCase) ? path[(ThisMachine.Length - 1)..] : path;
        path = Unescape(path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path);
        return path.StartsWith("//", StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal)
            || path.Contains('\0', StringComparison.Ordinal) || path[1..].Split('/').Any(static segment => segment is ".." or "." or "")
            ? null : path;
    }

    /// <summary>The form of a plain relative path in the log.</summary>
    public static string Encode(string path)
    {
        StringBuilder encoded = new(path.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(path))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || Kept.Contains(c, StringComparison.Ordinal))
            {
                encoded.Append(c);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return encoded.ToString();
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        List<byte> bytes = new(text.Length);
        byte[] source = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && Uri.IsHexDigit((char)source[i + 1]) && Uri.IsHexDigit((char)source[i + 2]))
            {
                bytes.Add((byte)((Uri.FromHex((char)source[i + 1]) << 4) | Uri.FromHex((char)source[i + 2])));
                i += 2;
            }
            else
            {
                bytes.Add(source[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool HasScheme(string path)
    {
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(path[0]) && path.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0
            && path.AsSpan(colon + 1).StartsWith("/");
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
