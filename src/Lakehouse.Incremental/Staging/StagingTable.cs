using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Staging;

/// <summary>
/// The append-only Delta table that change events are written to before they are merged. Each event is kept with its lineage: <c>__source</c>,
/// <c>__source_partition</c>, <c>__source_offset</c>, <c>__ingest_time</c>, <c>__source_columns</c>. A batch is staged exactly once per source position.
/// </summary>
public sealed class StagingTable
{
    private StagingTable(DeltaTable table)
    {
        Table = table;
        EventSchema = new Schema([.. table.CurrentSnapshot.Schema.FieldsList.Where(f => !LineageColumns.IsLineage(f.Name))], null);
    }

    /// <summary>The Delta table: read it like any other.</summary>
    public DeltaTable Table { get; }

    /// <summary>The columns of an event, without the lineage.</summary>
    public Schema EventSchema { get; }

    /// <summary>Opens the staging table in a local folder, or creates it. Columns that it does not have yet are added to it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="eventSchema">
    /// Columns of an event. Names that start with <c>__source</c> or equal <c>__ingest_time</c> are reserved. Columns that the table has besides are kept:
    /// events without them do not set them.
    /// </param>
    /// <param name="options">Clock, ids, logger and limits; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: a column is there with another type. <see cref="ErrorCodes.InvalidConfiguration"/>: a new column does not allow nulls. <see cref="ErrorCodes.ReservedColumn"/>.</exception>
    public static Task<StagingTable> CreateOrOpenAsync(
        string path, Schema eventSchema, DeltaTableOptions? options = null, CancellationToken cancellationToken = default) =>
        CreateOrOpenAsync(new LocalTableStorage(path), eventSchema, options, cancellationToken);

    /// <inheritdoc cref="CreateOrOpenAsync(string, Schema, DeltaTableOptions?, CancellationToken)"/>
    public static async Task<StagingTable> CreateOrOpenAsync(
        ITableStorage storage, Schema eventSchema, DeltaTableOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventSchema);
        if (eventSchema.FieldsList.FirstOrDefault(f => LineageColumns.IsLineage(f.Name)) is { } reserved)
        {
            throw new LakehouseException(ErrorCodes.ReservedColumn, $"Column {reserved.Name} is written by the staging table itself.") { Table = storage.Name };
        }

        DeltaTableCreateOptions create = new() { Properties = new Dictionary<string, string> { ["delta.appendOnly"] = "true" } };
        Field[] wanted = [.. eventSchema.FieldsList, .. LineageColumns.Fields];
        TableOpening opening = new(storage, options);
        return new StagingTable(await opening.CreateOrExtendAsync(new Schema(wanted, null), create, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Appends a batch in one commit, exactly once per source position, durable on return.</summary>
    /// <param name="events">
    /// The events. Columns are taken by name and must convert to the table's types without loss. A column that is missing is remembered as such: its events do
    /// not set it. Not disposed.
    /// </param>
    /// <param name="position">Where the batch stands in its source.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidRowsException">A value does not convert without loss, or a NOT NULL column has nulls.</exception>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: the columns do not fit.</exception>
    public async Task<StagingResult> AppendAsync(RecordBatch events, SourcePosition position, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(position);
        ArgumentOutOfRangeException.ThrowIfNegative(position.Offset);
        AppendOptions append = new()
        {
            TxnAppId = position.AppId,
            TxnVersion = position.Offset,
            UserMetadata = string.Create(CultureInfo.InvariantCulture, $$"""{"stagedRows":{{events.Length}},"offset":{{position.Offset}}}"""),
        };
        AppendResult result = await Table.AppendAsync(WithLineage(events, position), append, cancellationToken).ConfigureAwait(false);
        return new StagingResult(result.AlreadyApplied, result.Version ?? Table.CurrentSnapshot.Version, result.AlreadyApplied ? 0 : events.Length);
    }

    /// <summary>The last offset staged of a source partition, as far as this instance has seen; null when none is.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="partition">Partition of the source.</param>
    public long? LastOffset(string source, int partition) => Table.CurrentSnapshot.TransactionVersion(new SourcePosition(source, partition, 0).AppId);

    private RecordBatch WithLineage(RecordBatch events, SourcePosition position)
    {
        long now = (Table.Options.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

        // By the batch and not by what this instance knows of the table, which may have got columns since.
        string columns = SourceColumns.TextOf(events.Schema.FieldsList.Select(static f => f.Name));
        object[] values = [position.Source, position.Partition, position.Offset, now, columns];
        Schema schema = new([.. events.Schema.FieldsList, .. LineageColumns.Fields], null);
        IEnumerable<IArrowArray> lineage = LineageColumns.Fields.Select((f, i) => ConstantArray.Create(f.DataType, values[i], events.Length));
        return new RecordBatch(schema, [.. events.Arrays, .. lineage], events.Length);
    }
}
