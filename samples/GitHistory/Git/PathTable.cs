using System.Text;

namespace GitHistory.Git;

/// <summary>Gives the same <see cref="GitPath"/> object for the same bytes, so that a long history holds each path once.</summary>
internal sealed class PathTable
{
    private readonly Dictionary<string, GitPath> _paths = new(StringComparer.Ordinal);

    public GitPath this[ReadOnlySpan<byte> bytes]
    {
        get
        {
            string key = Encoding.Latin1.GetString(bytes);
            if (!_paths.TryGetValue(key, out GitPath? path))
            {
                path = GitPath.Parse(bytes);

                // A path that is its own Latin-1 reading is held once, not twice.
                _paths.Add(path.Text == key ? path.Text : key, path);
            }

            return path;
        }
    }
}
