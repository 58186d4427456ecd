using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;
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

    /// <summary>What the state holds for all keys.</summary>
    public TableClocks Clocks { get; private set; } = null!;

    /// <summary>Events before it may be too late (semantics 2.4); null when nothing was collected.</summary>
    public ReadOnlyMemory<byte>? Horizon { get; private set; }

    /// <summary>Brings layout, index and state to a snapshot.</summary>
    /// <param name="snapshot">The version of the table.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <param name="adopts">True when the rows of the table need not come from a flow.</param>
    /// <exception cref="ConfigurationDriftException">The table was built with another configuration.</exception>
    public async Task SyncAsync(Snapshot snapshot, CancellationToken cancellationToken, bool adopts = false)
    {
        FlowState? committed = FlowState.Parse(snapshot.Domain(FlowState.Domain));
        if (Snapshot is null || !string.Equals(Snapshot.Metadata.SchemaString, snapshot.Metadata.SchemaString, StringComparison.Ordinal)
            || !(Committed?.Columns ?? []).SequenceEqual(committed?.Columns ?? [], StringComparer.Ordinal))
        {
            Reset(snapshot, committed);
        }

        Committed = committed;
        MergeEpoch.Check(flow, Layout, Committed, table.Storage.Name);
        CheckOrigin(snapshot, adopts);
        if (!table.Options.UsesKeyIndex)
        {
            Index = new KeyIndex(flow.Keys, Clock);
        }

        await Index.SyncAsync(table, snapshot, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<StateFile> files = Committed?.Sets.GetValueOrDefault(Layout.State.Name) ?? [];
        State = await State.SyncAsync(table.Storage, files, cancellationToken).ConfigureAwait(false);
        Clocks = TableClocks.Of(this);
        Horizon = Clocks.Horizon;
        Snapshot = snapshot;
    }

    /// <summary>A target that holds nothing: what resolving against it yields is what the events alone say.</summary>
    public static MergeTarget Empty(MergeTarget other)
    {
        MergeTarget target = new(other.Flow, other.Table) { Layout = other.Layout, Snapshot = other.Snapshot, Horizon = other.Horizon };
        target.Index = new KeyIndex(target.Flow.Keys, target.Clock);
        target.State = StateSet.Empty(target.Layout.State);
        target.Clocks = TableClocks.Of(target);
        return target;
    }

    /// <summary>The columns that tell where a row stands in the order of its key.</summary>
    private ClockColumns Clock => flow.IsHistory ? new([flow.History.Start], flow.Position.Count) : new(flow.Sequence);

    /// <summary>The visible rows of a history do not tell the members of its runs, so a history that no flow wrote cannot be continued.</summary>
    private void CheckOrigin(Snapshot snapshot, bool adopts)
    {
        if (!adopts && flow.IsHistory && Committed is null && snapshot.FileCount > 0)
        {
            throw new ConfigurationDriftException(
                ErrorCodes.ConfigurationDrift,
                $"Flow '{flow.Name}': table {table.Storage.Name} holds rows, but no flow has written it; a history begins with an empty table, or is taken over with {nameof(MergeFlow.AdoptAsync)}.")
            {
                Flow = flow.Name,
                Table = table.Storage.Name,
            };
        }
    }

    private void Reset(Snapshot snapshot, FlowState? committed)
    {
        MergeLayout? former = Layout;
        Layout = new MergeLayout(flow, snapshot.Schema, table.Storage.Name, committed?.Columns);
        State = StateSet.Empty(Layout.State);

        // The index holds keys and starts only: other columns may come and go.
        if (former is null || !TypesOf(former).SequenceEqual(TypesOf(Layout), StringComparer.Ordinal))
        {
            Index = new KeyIndex(flow.Keys, Clock);
            table.Logger.KeyIndexBegun(flow.Name, table.Storage.Name, snapshot.Version, snapshot.FileCount);
            Field[] floats = [.. Layout.Keys.Select(Layout.Data.GetFieldByIndex).Where(static f => f.DataType is FloatingPointType)];
            if (floats.Length > 0)
            {
                table.Logger.FloatingPointKeys(flow.Name, table.Storage.Name, string.Join(", ", floats.Select(static f => f.Name)));
            }
        }
    }

    private static IEnumerable<string> TypesOf(MergeLayout layout) => layout.Keys.Concat(layout.Position).Select(p => TypeText.Of(layout.Data.GetFieldByIndex(p).DataType));
}
