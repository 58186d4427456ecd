using System.Text;

namespace GitHistory.Git;

/// <summary>The modes git gives to entries of a tree, as the six octal digits it prints.</summary>
internal static class FileMode
{
    /// <summary>A submodule: the id is a commit of another repository, so it has no size.</summary>
    public const string Submodule = "160000";

    private static readonly string[] Known = ["100644", "100755", "120000", Submodule, "100664"];

    /// <summary>The mode as text; the usual ones without an allocation.</summary>
    public static string Parse(ReadOnlySpan<byte> digits)
    {
        foreach (string known in Known)
        {
            if (Ascii.Equals(digits, known))
            {
                return known;
            }
        }

        return Encoding.ASCII.GetString(digits);
    }
}
