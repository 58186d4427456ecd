using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>Everything a checkpoint says, in whichever of its forms it comes; the file actions of V2 checkpoints may lie in sidecars.</summary>
internal sealed class CheckpointContent(ITableStorage storage, ICheckpointReader reader)
{
    /// <exception cref="CorruptTableException">A file is missing or cannot be read, or the checkpoint lacks what each must have.</exception>
    public async Task<IReadOnlyList<DeltaAction>> ReadAsync(CheckpointFiles checkpoint, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeltaAction> top = await ReadTopAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        if (!top.Any(static action => action is ProtocolAction) || !top.Any(static action => action is MetadataAction))
        {
            throw Corrupt(checkpoint.Paths[0], "it lacks protocol or metadata", null);
        }

        string[] sidecars = [.. top.OfType<SidecarFile>().Select(PathOf)];
        return sidecars.Length == 0
            ? top
            : [.. top, .. await reader.ReadAsync(storage, new CheckpointFiles(checkpoint.Version, sidecars), cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>The actions of the checkpoint's own files.</summary>
    /// <exception cref="CorruptTableException">A file is missing or cannot be read.</exception>
    public async Task<IReadOnlyList<DeltaAction>> ReadTopAsync(CheckpointFiles checkpoint, CancellationToken cancellationToken)
    {
        string path = checkpoint.Paths[0];
        if (!path.EndsWith(".json", StringComparison.Ordinal))
        {
            return await reader.ReadAsync(storage, checkpoint, cancellationToken).ConfigureAwait(false);
        }

        // A V2 checkpoint may be JSON at its top, in the form of a commit file.
        try
        {
            return ActionJson.ReadCommit(await storage.ReadAsync(path, cancellationToken).ConfigureAwait(false), path);
        }
        catch (FileNotFoundException error)
        {
            throw Corrupt(path, "it is missing", error);
        }
    }

    /// <summary>Where a sidecar lies. Writers give its name, or the path or URI of it.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.PathNotAllowed"/>: not in the folder of sidecars.</exception>
    public static string PathOf(SidecarFile sidecar)
    {
        string name = Uri.UnescapeDataString(sidecar.Path);
        int folder = name.LastIndexOf("/" + LogPaths.Sidecars + "/", StringComparison.Ordinal);
        if (folder >= 0)
        {
            name = name[(folder + LogPaths.Sidecars.Length + 2)..];
        }

        string path = LogPaths.Sidecars + "/" + name;
        if (name.Contains('/', StringComparison.Ordinal))
        {
            throw StoragePath.Refused(path, "a sidecar lies directly in its folder");
        }

        StoragePath.Check(path);
        return path;
    }

    private CorruptTableException Corrupt(string path, string what, Exception? inner) =>
        new(ErrorCodes.CorruptFile, $"The checkpoint {path} of table {storage.Name} cannot be used: {what}.", inner) { Table = storage.Name };
}
