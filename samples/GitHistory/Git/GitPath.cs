using System.Text;
using System.Text.Unicode;

namespace GitHistory.Git;

/// <summary>
/// A path of a tree as text. git paths are bytes; valid UTF-8 is taken as it is. A path that is not valid UTF-8, or that begins with a double
/// quote, is written the way git quotes paths: in double quotes with backslash escapes, bytes from 0x80 on in octal. No two paths get the same
/// text, because no path taken as it is begins with a double quote.
/// </summary>
/// <param name="Text">The whole path.</param>
/// <param name="Directory">The top-level directory, in the same form; "." for a file at the root (git has no entry of that name).</param>
internal sealed record GitPath(string Text, string Directory)
{
    /// <summary>The text of a path.</summary>
    public static GitPath Parse(ReadOnlySpan<byte> path)
    {
        int slash = path.IndexOf((byte)'/');
        return new GitPath(ToText(path), slash < 0 ? "." : ToText(path[..slash]));
    }

    private static string ToText(ReadOnlySpan<byte> bytes) =>
        bytes is not [(byte)'"', ..] && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Quote(bytes);

    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new("\"", bytes.Length * 2);
        foreach (byte value in bytes)
        {
            int named = "\a\b\t\n\v\f\r\"\\".IndexOf((char)value, StringComparison.Ordinal);
            if (named >= 0)
            {
                text.Append('\\').Append("abtnvfr\"\\"[named]);
            }
            else if (value is < 0x20 or >= 0x7F)
            {
                text.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0'));
            }
            else
            {
                text.Append((char)value);
            }
        }

        return text.Append('"').ToString();
    }
}
