using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Scd2;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Merging;

/// <summary>What a flow keeps in memory about one target between batches. All of it follows the table and can be rebuilt from it.</summary>
internal sealed class MergeTarget(MergeConfiguration flow, DeltaTable table)
{
    public MergeConfiguration Flow => flow;

    public DeltaTable Table => table;

    /// <summary>One batch at a time per target and process; other processes are kept apart by the log.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public Snapshot Snapshot { get; private set; } = null!;

    public MergeLayout Layout { get; private set; } = null!;

    public KeyIndex Index { get; private set; } = null!;

    public StateSet State { get; set; } = null!;

    /// <summary>The state that the last commit of the flow names; null before the first.</summary>
    public FlowState? Committed { get; private set; }

    /// <summary>Brings layout, index and state to a snapshot.</summary>
    /// <exception cref="ConfigurationDriftException">The table was built with another configuration.</exception>
    public async Task SyncAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (Snapshot is null || !string.Equals(Snapshot.Metadata.SchemaString, snapshot.Metadata.SchemaString, StringComparison.Ordinal))
        {
            Reset(snapshot);
        }

        Committed = FlowState.Parse(snapshot.Domain(FlowState.Domain));
        MergeEpoch.Check(flow, Layout, Committed, table.Storage.Name);
        CheckOrigin(snapshot);
        await Index.SyncAsync(table, snapshot, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<StateFile> files = Committed?.Sets.GetValueOrDefault(Layout.State.Name) ?? [];
        State = await State.SyncAsync(table.Storage, files, cancellationToken).ConfigureAwait(false);
        Snapshot = snapshot;
    }

    /// <summary>A target that holds nothing: what resolving against it yields is what the events alone say.</summary>
    public static MergeTarget Empty(MergeConfiguration flow, DeltaTable table, Snapshot snapshot)
    {
        MergeTarget target = new(flow, table);
        target.Reset(snapshot);
        target.Snapshot = snapshot;
        return target;
    }

    /// <summary>The visible rows of a history do not tell the members of its runs, so a history that no flow wrote cannot be continued.</summary>
    private void CheckOrigin(Snapshot snapshot)
    {
        if (flow.StoredAs == ScdType.Type2 && Committed is null && snapshot.FileCount > 0)
        {
            throw new ConfigurationDriftException(
                ErrorCodes.ConfigurationDrift, $"Flow '{flow.Name}': table {table.Storage.Name} holds rows, but no flow has written it; a history begins with an empty table.")
            {
                Flow = flow.Name,
                Table = table.Storage.Name,
            };
        }
    }

    private void Reset(Snapshot snapshot)
    {
        Layout = new MergeLayout(flow, snapshot.Schema, table.Storage.Name);
        Index = new KeyIndex(flow.Keys, flow.StoredAs == ScdType.Type2 ? IntervalColumns.Start : null);
        State = StateSet.Empty(Layout.State);
    }
}
