using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>What must be read for one version of a table.</summary>
/// <param name="Version">The version this leads to.</param>
/// <param name="Checkpoint">Where to start, or null to start with commit 0.</param>
/// <param name="CheckpointCommit">The commit of the checkpoint's version, if it is still there: it holds that version's time and commit info.</param>
/// <param name="Commits">The commits after the checkpoint, without a gap, up to the version.</param>
/// <param name="Compactions">
/// What may be read in place of some of these commits, by first version: the longest ones that end before the version, whose own commit info counts.
/// </param>
internal sealed record LogSegment(
    long Version,
    CheckpointFiles? Checkpoint,
    StoredFile? CheckpointCommit,
    IReadOnlyList<StoredFile> Commits,
    IReadOnlyDictionary<long, CompactionFile> Compactions);
