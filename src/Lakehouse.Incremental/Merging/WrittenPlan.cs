using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Merging;

/// <summary>The files of a plan, written and durable, but not part of the table before the actions are committed.</summary>
internal sealed class WrittenPlan
{
    public List<DeltaAction> Actions { get; } = [];

    /// <summary>Storage paths of what was written, to delete it when the commit does not come about.</summary>
    public List<string> Paths { get; } = [];

    public void Add(IReadOnlyList<AddFile> files)
    {
        Actions.AddRange(files);
        Paths.AddRange(files.Select(f => DataFilePath.Decode(f.Path)));
    }

    public void Add(IReadOnlyList<AddCdcFile> files)
    {
        Actions.AddRange(files);
        Paths.AddRange(files.Select(f => DataFilePath.Decode(f.Path)));
    }
}
