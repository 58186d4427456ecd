using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>Collects the commits and checkpoints of a listing and chooses the newest complete checkpoint.</summary>
internal sealed class LogListing
{
    private readonly List<(long Version, StoredFile File)> _commits = [];
    private readonly List<(LogFileName Name, string Path)> _checkpoints = [];
    private readonly List<CompactionFile> _compactions = [];

    /// <summary>Commits in ascending order of their versions.</summary>
    public IReadOnlyList<(long Version, StoredFile File)> Commits => _commits;

    /// <summary>Files of checkpoints, complete or not.</summary>
    public IReadOnlyList<(LogFileName Name, string Path)> Checkpoints => _checkpoints;

    public bool IsEmpty => _commits.Count == 0 && _checkpoints.Count == 0;

    public void Add(LogFileName name, StoredFile file)
    {
        switch (name.Kind)
        {
            case LogFileKind.Commit:
                _commits.Add((name.Version, file));
                break;
            case LogFileKind.Compaction:
                _compactions.Add(new CompactionFile(name.Version, name.Last, file.Path));
                break;
            case LogFileKind.ClassicCheckpoint or LogFileKind.MultiPartCheckpoint or LogFileKind.UuidCheckpoint when file.Size > 0:
                _checkpoints.Add((name, file.Path));
                break;
            default:
                break;
        }
    }

    /// <summary>The newest checkpoint at or below a version of which every part is there and none is known to be damaged, or null.</summary>
    public CheckpointFiles? NewestCheckpoint(long? version, IReadOnlySet<string> damaged)
    {
        foreach (IGrouping<long, (LogFileName Name, string Path)> candidates in _checkpoints
            .Where(checkpoint => version is null || checkpoint.Name.Version <= version)
            .GroupBy(static checkpoint => checkpoint.Name.Version)
            .OrderByDescending(static group => group.Key))
        {
            if (BestOf(candidates, damaged) is { } paths)
            {
                return new CheckpointFiles(candidates.Key, paths);
            }
        }

        return null;
    }

    /// <summary>The longest compactions by their first version, of those that begin in a range and end before it does.</summary>
    public IReadOnlyDictionary<long, CompactionFile> Compactions(long first, long end) => _compactions
        .Where(file => file.First >= first && file.Last < end)
        .GroupBy(static file => file.First)
        .ToDictionary(static group => group.Key, static group => group.MaxBy(static file => file.Last)!);

    // One file is preferred to several, and the plain form to the V2 form: less to read, fewer features needed.
    private static List<string>? BestOf(IEnumerable<(LogFileName Name, string Path)> candidates, IReadOnlySet<string> damaged)
    {
        foreach (IGrouping<(LogFileKind Kind, int Parts), (LogFileName Name, string Path)> form in candidates
            .GroupBy(static candidate => (candidate.Name.Kind, candidate.Name.Parts))
            .OrderBy(static group => Preference(group.Key.Kind))
            .ThenBy(static group => group.Key.Parts))
        {
            List<(LogFileName Name, string Path)> parts = [.. form.Where(part => !damaged.Contains(part.Path)).OrderBy(static part => part.Name.Part)];
            if (form.Key.Kind != LogFileKind.MultiPartCheckpoint && parts.Count > 0)
            {
                return [parts[0].Path];
            }

            if (form.Key.Kind == LogFileKind.MultiPartCheckpoint && parts.Count == form.Key.Parts)
            {
                return parts.ConvertAll(static part => part.Path);
            }
        }

        return null;
    }

    private static int Preference(LogFileKind kind) => kind switch
    {
        LogFileKind.ClassicCheckpoint => 0,
        LogFileKind.MultiPartCheckpoint => 1,
        _ => 2,
    };
}
