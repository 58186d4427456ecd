using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The files of a merge, written and durable, with the actions that make them part of the table; and what was copied on the way.</summary>
internal sealed class WrittenMerge
{
    public List<DeltaAction> Actions { get; } = [];

    /// <summary>Storage paths of what was written, to delete it when the commit does not come about.</summary>
    public List<string> Paths { get; } = [];

    public long RowsCopied { get; set; }

    public int VectorsUpdated { get; set; }

    public void Add(IReadOnlyList<AddFile> files)
    {
        Actions.AddRange(files);
        Paths.AddRange(files.Select(static file => DataFilePath.Decode(file.Path)));
    }

    public void Add(IReadOnlyList<AddCdcFile> files)
    {
        Actions.AddRange(files);
        Paths.AddRange(files.Select(static file => DataFilePath.Decode(file.Path)));
    }
}
