using System.Globalization;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Delta.Deleting;

/// <summary>The actions of a deletion while they are put together, what was written for them, and how much of everything there is.</summary>
internal sealed class DeletePlan
{
    public List<DeltaAction> Actions { get; } = [];

    /// <summary>Storage paths of what was written, to delete it when the commit does not come about.</summary>
    public List<string> WrittenPaths { get; } = [];

    public long RowsDeleted { get; set; }

    public long RowsCopied { get; set; }

    public int FilesRemoved { get; set; }

    public int FilesRewritten { get; set; }

    public int VectorsAdded { get; set; }

    public int VectorsUpdated { get; set; }

    public int DeletionVectorsAdded => VectorsAdded + VectorsUpdated;

    public void Add(IReadOnlyList<AddFile> files)
    {
        Actions.AddRange(files);
        WrittenPaths.AddRange(files.Select(static file => DataFilePath.Decode(file.Path)));
    }

    public void Add(IReadOnlyList<AddCdcFile> files)
    {
        Actions.AddRange(files);
        WrittenPaths.AddRange(files.Select(static file => DataFilePath.Decode(file.Path)));
    }

    /// <summary>The counts under the names that readers of a Delta history know.</summary>
    public JsonObject Metrics()
    {
        RemoveFile[] removed = [.. Actions.OfType<RemoveFile>().ExceptBy(Added(marked: true).Select(static a => a.Path), static r => r.Path)];
        AddFile[] added = [.. Added(marked: false)];
        return new JsonObject
        {
            ["numDeletedRows"] = Text(RowsDeleted),
            ["numCopiedRows"] = Text(RowsCopied),
            ["numRemovedFiles"] = Text(removed.Length),
            ["numRemovedBytes"] = Text(removed.Sum(static file => file.Size ?? 0)),
            ["numAddedFiles"] = Text(added.Length),
            ["numAddedBytes"] = Text(added.Sum(static file => file.Size)),
            ["numDeletionVectorsAdded"] = Text(DeletionVectorsAdded),
            ["numDeletionVectorsRemoved"] = Text(VectorsUpdated + removed.Count(static file => file.DeletionVector is not null)),
            ["numDeletionVectorsUpdated"] = Text(VectorsUpdated),
            ["numAddedChangeFiles"] = Text(Actions.OfType<AddCdcFile>().Count()),
        };
    }

    // New files never have a deletion vector, marked ones always do.
    private IEnumerable<AddFile> Added(bool marked) => Actions.OfType<AddFile>().Where(file => file.DeletionVector is not null == marked);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
