using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Delta.Writing;
using Lakehouse.Incremental.Staging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Quarantine;

/// <summary>
/// The Delta table that events go to which a flow cannot merge: with a null key, a sequence that orders nothing, or a value that its target cannot hold.
/// Each is kept as it came, with <c>__flow</c>, <c>__target</c> (the id of the table), <c>__reason</c> (an error code), <c>__column</c>,
/// <c>__batch</c>, <c>__digest</c> and <c>__quarantined_at</c>; once, however often it is delivered.
/// </summary>
public sealed class QuarantineTable
{
    private QuarantineTable(DeltaTable table) => Table = table;

    /// <summary>The Delta table: read it like any other. Rows may be deleted from it; an event that is delivered again comes back.</summary>
    public DeltaTable Table { get; }

    /// <summary>The columns of an event; all may be null. Events that have more bring them along.</summary>
    public Schema EventSchema => EventsOf(Table.CurrentSnapshot.Schema);

    /// <summary>How many columns of an event the table was created with; those that came later stand behind its own.</summary>
    private int FirstColumns => Table.CurrentSnapshot.Schema.PositionOf(QuarantineColumns.Flow);

    /// <summary>Opens the quarantine table in a local folder, or creates it. Several flows may share one.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="eventSchema">Columns of an event, as the staging table has them.</param>
    /// <param name="options">Clock, ids, logger and limits; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SchemaMismatch"/>: a table with other columns is there. <see cref="ErrorCodes.ReservedColumn"/>: an event column has the
    /// name of one the table adds.
    /// </exception>
    public static Task<QuarantineTable> CreateOrOpenAsync(
        string path, Schema eventSchema, DeltaTableOptions? options = null, CancellationToken cancellationToken = default) =>
        CreateOrOpenAsync(new LocalTableStorage(path), eventSchema, options, cancellationToken);

    /// <inheritdoc cref="CreateOrOpenAsync(string, Schema, DeltaTableOptions?, CancellationToken)"/>
    public static async Task<QuarantineTable> CreateOrOpenAsync(
        ITableStorage storage, Schema eventSchema, DeltaTableOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventSchema);
        if (eventSchema.FieldsList.FirstOrDefault(f => QuarantineColumns.IsReserved(f.Name)) is { } reserved)
        {
            throw new LakehouseException(ErrorCodes.ReservedColumn, $"Column {reserved.Name} is written by the quarantine table itself.") { Table = storage.Name };
        }

        IEnumerable<Field> events = eventSchema.FieldsList.Where(f => !LineageColumns.IsLineage(f.Name)).Select(f => new Field(f.Name, f.DataType, true));
        Schema schema = new([.. events, .. QuarantineColumns.Fields], null);
        return new QuarantineTable(await DeltaTable.CreateOrOpenAsync(storage, schema, null, options, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Keeps events that are not there yet, durable on return.</summary>
    /// <param name="flow">The name of the flow that refused them.</param>
    /// <param name="target">The id of the table they were meant for.</param>
    /// <param name="batch">A name of the batch for people.</param>
    /// <param name="rejected">The events.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task AddAsync(
        string flow, string target, string batch, IReadOnlyList<RejectedEvents> rejected, CancellationToken cancellationToken)
    {
        await Table.CommitAsync(DeriveAsync, cancellationToken).ConfigureAwait(false);

        async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, CancellationToken token)
        {
            StructType more = ArrowSchemas.ToDelta(More(snapshot.Schema, rejected.Select(static part => part.Events)));
            SchemaGrowth growth = SchemaGrowth.Of(Table, snapshot, former => more.Fields.Aggregate(former, SchemaGrowth.Add));
            RecordBatch rows = Describe(growth.After.Schema, flow, target, batch, rejected);
            HashSet<string> known = await KnownAsync(flow, target, snapshot.Version, token).ConfigureAwait(false);
            RecordBatch fresh = FilterKernel.Filter(rows, [.. Texts(rows, QuarantineColumns.Digest).Select(known.Add)]);
            if (fresh.Length == 0)
            {
                return null;
            }

            IReadOnlyList<AddFile> files = await Table.Writer.WriteAsync(growth.After, [fresh], RowOrigin.Given, token).ConfigureAwait(false);
            return new CommitPlan
            {
                Actions = [.. growth.Actions, .. files],
                WrittenPaths = [.. files.Select(static file => DataFilePath.Decode(file.Path))],
                Info = new CommitInfo
                {
                    Operation = "WRITE",
                    OperationParameters = new JsonObject { ["mode"] = "Append", ["flow"] = flow, ["batch"] = batch },
                    OperationMetrics = new JsonObject { ["numOutputRows"] = fresh.Length.ToString(CultureInfo.InvariantCulture) },
                },
            };
        }
    }

    /// <summary>Takes the events out that the flow refused as too late: they are no part of what its table must hold.</summary>
    internal async Task<RecordBatch> WithoutTooLateAsync(string flow, string target, RecordBatch events, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await Table.RefreshAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> refused = await KnownAsync(flow, target, snapshot.Version, cancellationToken, ErrorCodes.TooLate).ConfigureAwait(false);
        return refused.Count == 0
            ? events
            : FilterKernel.Filter(events, [.. DigestsOf(events).Select(digest => !refused.Contains(digest))]);
    }

    /// <summary>Rows of normalised events that the flow refused as too late when they were offered before.</summary>
    internal async Task<IReadOnlySet<int>> RefusedRowsAsync(string flow, string target, NormalizedEvents events, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await Table.RefreshAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> refused = await KnownAsync(flow, target, snapshot.Version, cancellationToken, ErrorCodes.TooLate).ConfigureAwait(false);
        HashSet<int> rows = [];
        int first = 0;
        foreach (EventOrigin origin in refused.Count == 0 ? [] : events.Origins)
        {
            string[] digests = [.. DigestsOf(origin.Events)];
            rows.UnionWith(Enumerable.Range(0, origin.Rows.Length).Where(i => refused.Contains(digests[origin.Rows[i]])).Select(i => first + i));
            first += origin.Rows.Length;
        }

        return rows;
    }

    private async Task<HashSet<string>> KnownAsync(string flow, string target, long version, CancellationToken cancellationToken, string? reason = null)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        Delta.Filters.Filter ofFlow = Delta.Filters.Filter.Column(QuarantineColumns.Flow).EqualTo(flow) & Delta.Filters.Filter.Column(QuarantineColumns.Target).EqualTo(target);
        ReadOptions options = new()
        {
            Version = version,
            Columns = [QuarantineColumns.Digest],
            Filter = reason is null ? ofFlow : ofFlow & Delta.Filters.Filter.Column(QuarantineColumns.Reason).EqualTo(reason),
        };
        await foreach (RecordBatch part in Table.ReadAsync(options, cancellationToken).ConfigureAwait(false))
        {
            known.UnionWith(Texts(part, QuarantineColumns.Digest));
        }

        return known;
    }

    private RecordBatch Describe(Schema schema, string flow, string target, string batch, IReadOnlyList<RejectedEvents> rejected)
    {
        Schema events = EventsOf(schema);
        IReadOnlyList<RecordBatch> conformed = Conform(rejected.Select(static part => part.Events), events);
        RecordBatch rows = ConcatKernel.Concat(
            events, [.. conformed.Select((part, i) => TakeKernel.Take(part, [.. rejected[i].Rejections.Select(static r => r.Row)]))]);
        Rejection[] reasons = [.. rejected.SelectMany(static part => part.Rejections)];
        long now = (Table.Options.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        IArrowArray[] added =
        [
            Constant(0, flow),
            Constant(1, target),
            Strings(reasons.Select(static r => r.Code)),
            Strings(reasons.Select(static r => r.Column)),
            Constant(4, batch),
            Strings(QuarantineDigest.Of(rows, FirstColumns)),
            Constant(6, now),
        ];
        IEnumerable<IArrowArray> columns = schema.FieldsList.Select(f => rows.Schema.PositionOf(f.Name) is int at and >= 0
            ? rows.Column(at)
            : added[QuarantineColumns.Fields.TakeWhile(own => !string.Equals(own.Name, f.Name, StringComparison.Ordinal)).Count()]);
        return new RecordBatch(schema, columns, rows.Length);

        IArrowArray Constant(int column, object value) => ConstantArray.Create(QuarantineColumns.Fields[column].DataType, value, rows.Length);
    }

    private static Schema EventsOf(Schema table) => new([.. table.FieldsList.Where(f => !QuarantineColumns.IsReserved(f.Name))], null);

    /// <summary>Columns of events that a table does not have.</summary>
    private static Schema More(Schema table, IEnumerable<RecordBatch> events)
    {
        IEnumerable<Field> fields = events.SelectMany(static e => e.Schema.FieldsList)
            .Where(f => table.PositionOf(f.Name) < 0 && !LineageColumns.IsLineage(f.Name)).DistinctBy(static f => f.Name, StringComparer.Ordinal);
        return new Schema([.. ArrowSchemas.ToArrow(ArrowSchemas.ToDelta(new Schema(fields, null))).FieldsList.Select(static f => new Field(f.Name, f.DataType, nullable: true))], null);
    }

    private string[] DigestsOf(RecordBatch events)
    {
        Schema known = Table.CurrentSnapshot.Schema;
        Schema all = new([.. EventsOf(known).FieldsList, .. More(known, [events]).FieldsList], null);
        return QuarantineDigest.Of(Conform([events], all)[0], FirstColumns);
    }

    private IReadOnlyList<RecordBatch> Conform(IEnumerable<RecordBatch> events, Schema schema) =>
        BatchConformer.Conform([.. events.Select(WithoutLineage)], schema, Table.Storage.Name);

    // Where an event was staged is no part of it: staged again elsewhere it is the same.
    private static RecordBatch WithoutLineage(RecordBatch events)
    {
        int[] kept = [.. Enumerable.Range(0, events.ColumnCount).Where(i => !LineageColumns.IsLineage(events.Schema.GetFieldByIndex(i).Name))];
        return new RecordBatch(new Schema([.. kept.Select(events.Schema.GetFieldByIndex)], null), kept.Select(events.Column), events.Length);
    }

    private static IArrowArray Strings(IEnumerable<string> values) => ManagedCopy.Copy(new StringArray.Builder().AppendRange(values).Build());

    private static IEnumerable<string> Texts(RecordBatch rows, string column)
    {
        StringArray texts = (StringArray)rows.Column(rows.Schema.PositionOf(column));
        return Enumerable.Range(0, texts.Length).Select(row => texts.GetString(row)!);
    }
}
