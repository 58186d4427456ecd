using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>What an aggregate flow keeps in memory about its table between batches. All of it follows the table and can be rebuilt from it.</summary>
internal sealed class AggregateTarget(AggregateConfiguration flow, DeltaTable table)
{
    private string? _inputSchema;

    public DeltaTable Table => table;

    /// <summary>One batch at a time per table and process; other processes are kept apart by the log.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public AggregateLayout Layout { get; private set; } = null!;

    public KeyIndex Index { get; private set; } = null!;

    public StateSet State { get; set; } = null!;

    public Snapshot Snapshot { get; private set; } = null!;

    public FlowState? Committed { get; private set; }

    /// <summary>Brings layout, index and state to a snapshot of the table, for an input of a certain schema.</summary>
    /// <exception cref="ConfigurationDriftException">The table was built with another configuration.</exception>
    public async Task SyncAsync(Snapshot input, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (!string.Equals(_inputSchema, input.Metadata.SchemaString, StringComparison.Ordinal)
            || !string.Equals(Snapshot?.Metadata.SchemaString, snapshot.Metadata.SchemaString, StringComparison.Ordinal))
        {
            Layout = new AggregateLayout(flow, input.Schema);
            CheckTable(snapshot);
            Index = new KeyIndex(flow.GroupBy, ClockColumns.None);
            State = StateSet.Empty(Layout.State);
            _inputSchema = input.Metadata.SchemaString;
        }

        Committed = FlowState.Parse(snapshot.Domain(FlowState.Domain));
        AggregateEpoch.Check(Layout, input.TableId, Committed, table.Storage.Name);
        await Index.SyncAsync(table, snapshot, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<StateFile> files = Committed?.Sets.GetValueOrDefault(Layout.State.Name) ?? [];
        State = await State.SyncAsync(table.Storage, files, cancellationToken).ConfigureAwait(false);
        Snapshot = snapshot;
    }

    private void CheckTable(Snapshot snapshot)
    {
        string expected = Text(Layout.Published);
        string actual = Text(snapshot.Schema);
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
        {
            throw new LakehouseException(
                ErrorCodes.SchemaMismatch,
                $"Flow '{flow.Name}' publishes ({expected}), but table '{table.Storage.Name}' has ({actual}). "
                + $"Create it with {nameof(AggregateFlow.TargetSchema)}.")
            {
                Flow = flow.Name,
                Table = table.Storage.Name,
            };
        }

        static string Text(Schema schema) => string.Join(", ", schema.FieldsList.Select(f => f.Name + " " + TypeText.Of(f.DataType)));
    }
}
