using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>Collects the commits and checkpoints of a listing and chooses the newest complete checkpoint.</summary>
internal sealed class LogListing
{
    private readonly List<(long Version, StoredFile File)> _commits = [];
    private readonly List<(LogFileName Name, string Path)> _checkpoints = [];

    /// <summary>Commits in ascending order of their versions.</summary>
    public IReadOnlyList<(long Version, StoredFile File)> Commits => _commits;

    public bool IsEmpty => _commits.Count == 0 && _checkpoints.Count == 0;

    public void Add(LogFileName name, StoredFile file)
    {
        if (name.Kind == LogFileKind.Commit)
        {
            _commits.Add((name.Version, file));
        }
        else if (name.Kind != LogFileKind.Other && file.Size > 0)
        {
            _checkpoints.Add((name, file.Path));
        }
    }

    /// <summary>The newest checkpoint at or below a version of which every part is there, or null.</summary>
    public CheckpointFiles? NewestCheckpoint(long? version)
    {
        foreach (IGrouping<long, (LogFileName Name, string Path)> candidates in _checkpoints
            .Where(checkpoint => version is null || checkpoint.Name.Version <= version)
            .GroupBy(static checkpoint => checkpoint.Name.Version)
            .OrderByDescending(static group => group.Key))
        {
            if (BestOf(candidates) is { } paths)
            {
                return new CheckpointFiles(candidates.Key, paths);
            }
        }

        return null;
    }

    // One file is preferred to several, and the plain form to the V2 form: less to read, fewer features needed.
    private static List<string>? BestOf(IEnumerable<(LogFileName Name, string Path)> candidates)
    {
        foreach (IGrouping<(LogFileKind Kind, int Parts), (LogFileName Name, string Path)> form in candidates
            .GroupBy(static candidate => (candidate.Name.Kind, candidate.Name.Parts))
            .OrderBy(static group => Preference(group.Key.Kind))
            .ThenBy(static group => group.Key.Parts))
        {
            if (form.Key.Kind != LogFileKind.MultiPartCheckpoint)
            {
                return [form.First().Path];
            }

            List<(LogFileName Name, string Path)> parts = [.. form.OrderBy(static part => part.Name.Part)];
            if (parts.Count == form.Key.Parts)
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
