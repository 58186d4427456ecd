using System.Globalization;
using GitHistory.Git;

namespace GitHistory.Output;

/// <summary>Decides whether a run goes on with what the output folder holds.</summary>
internal static class StreamPlan
{
    /// <summary>The commits of the run, oldest first.</summary>
    public static IReadOnlyList<string> Range(IReadOnlyList<string> firstParents, int? limit) =>
        limit is { } count && count < firstParents.Count ? [.. firstParents.Take(count)] : firstParents;

    /// <summary>The marker to write before the first event of the run.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="range">The commits of the run.</param>
    /// <param name="folder">The output folder.</param>
    /// <exception cref="UsageException">The folder holds another stream.</exception>
    public static Marker Resume(Options options, GitRepository repository, IReadOnlyList<string> range, OutputFolder folder)
    {
        Marker wanted = new()
        {
            Repository = repository.GitDirectory,
            LastCommit = range[^1],
            Commits = options.Commits,
            BatchSize = options.BatchSize,
            Shuffle = options.Shuffle,
        };
        if (folder.Marker is { } found && Difference(found, wanted, range) is { } difference)
        {
            throw new UsageException($"The output folder {folder.Path} holds {difference}: name another one with --output.");
        }

        return wanted;
    }

    private static string? Difference(Marker found, Marker wanted, IReadOnlyList<string> range)
    {
        if (found.Repository != wanted.Repository)
        {
            return $"the tables of another repository ({found.Repository})";
        }

        if (found.Shuffle != wanted.Shuffle)
        {
            return found.Shuffle is { } seed
                ? string.Create(CultureInfo.InvariantCulture, $"tables fed with --shuffle {seed}")
                : "tables fed without --shuffle";
        }

        if (found.Commits != wanted.Commits)
        {
            return found.Commits is { } limit
                ? string.Create(CultureInfo.InvariantCulture, $"tables fed with --commits {limit}")
                : "tables fed without --commits";
        }

        if (found.Shuffle is not null && found.BatchSize != wanted.BatchSize)
        {
            return string.Create(CultureInfo.InvariantCulture, $"a shuffled stream cut with --batch-size {found.BatchSize}");
        }

        if (found.LastCommit == wanted.LastCommit)
        {
            return null;
        }

        string last = found.LastCommit[..12];
        return !range.Contains(found.LastCommit, StringComparer.Ordinal)
            ? $"a history that was rewritten since (commit {last} is no longer on the first-parent line)"
            : found.Shuffle is not null ? $"a shuffled stream that ends at commit {last}, and the history has grown since" : null;
    }
}
