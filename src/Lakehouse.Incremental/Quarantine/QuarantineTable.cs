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
/// <c>__batch</c>, <c>__digest</c>, <c>__quarantined_at</c> and its lineage, where it was staged; once, however often it is delivered. One that is too late is kept once for
/// each time it was staged, since another copy of it may have come in time.
/// </summary>
public sealed class QuarantineTable
{
    private QuarantineTable(DeltaTable table) => Table = table;

    /// <summary>The Delta table: read it like any other. Rows may be deleted from it, and an event that is delivered again comes back; but those
    /// that were too late tell flow and reconciler what is no part of the target, and must stay as long as the staging table holds them.</summary>
    public DeltaTable Table { get; }

    /// <summary>The columns of an event; all may be null. Events that have more bring them along.</summary>
    public Schema EventSchema => EventsOf(Table.CurrentSnapshot.Schema);

    /// <summary>How many columns of an event the table was created with; those that came later stand behind its own.</summary>
    private int FirstColumns => Table.CurrentSnapshot.Schema.PositionOf(QuarantineColumns.Flow);

    /// <summary>Opens the quarantine table in a local folder, or creates it; columns that it lacks are added. Several flows may share one.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="eventSchema">Columns of an event, as the staging table has them.</param>
    /// <param name="options">Clock, ids, logger and limits; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SchemaMismatch"/>: a column is there with another type. <see cref="ErrorCodes.ReservedColumn"/>: an event column has the
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
        return new QuarantineTable(await new TableOpening(storage, options).CreateOrExtendAsync(schema, new(), cancellationToken).ConfigureAwait(false));
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
            HashSet<string> known = await KnownAsync(flow, target, snapshot.Version, Identities, token).ConfigureAwait(false);
            RecordBatch fresh = FilterKernel.Filter(rows, [.. Identities(rows).Select(known.Add)]);
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

    /// <summary>Takes the staged events out that the flow refused as too late: they are no part of what its table must hold.</summary>
    internal async Task<RecordBatch> WithoutTooLateAsync(string flow, string target, RecordBatch events, CancellationToken cancellationToken)
    {
        Func<RecordBatch, bool[]>? tooLate = await TooLateAsync(flow, target, cancellationToken).ConfigureAwait(false);
        return tooLate is null ? events : FilterKernel.Filter(events, [.. tooLate(events).Select(static isTooLate => !isTooLate)]);
    }

    /// <summary>Tells which staged events the flow refused as too late; null when there are none at all.</summary>
    internal async Task<Func<RecordBatch, bool[]>?> TooLateAsync(string flow, string target, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await Table.RefreshAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> refused = await KnownAsync(flow, target, snapshot.Version, TooLate, cancellationToken).ConfigureAwait(false);
        return refused.Count == 0 ? null : events => [.. DigestsOf(events).Zip(LineageColumns.Positions(events), Copy).Select(refused.Contains)];
    }

    /// <summary>Rows of normalised events that the flow refused as too late when they were offered before.</summary>
    internal async Task<IReadOnlySet<int>> RefusedRowsAsync(string flow, string target, NormalizedEvents events, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await Table.RefreshAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> refused = await KnownAsync(flow, target, snapshot.Version, static rows => Texts(rows, QuarantineColumns.Digest).Where((_, row) => IsTooLate(rows, row)), cancellationToken)
            .ConfigureAwait(false);
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

    /// <summary>What is known of rows for a flow and table.</summary>
    private async Task<HashSet<string>> KnownAsync(
        string flow, string target, long version, Func<RecordBatch, IEnumerable<string>> of, CancellationToken cancellationToken)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        ReadOptions options = new()
        {
            Version = version,
            Columns = [QuarantineColumns.Digest, QuarantineColumns.Reason, .. LineageColumns.Fields.Select(static f => f.Name)],
            Filter = Delta.Filters.Filter.Column(QuarantineColumns.Flow).EqualTo(flow) & Delta.Filters.Filter.Column(QuarantineColumns.Target).EqualTo(target),
        };
        await foreach (RecordBatch part in Table.ReadAsync(options, cancellationToken).ConfigureAwait(false))
        {
            known.UnionWith(of(part));
        }

        return known;
    }

    /// <summary>By what rows are kept once.</summary>
    private static IEnumerable<string> Identities(RecordBatch rows) => Texts(rows, QuarantineColumns.Digest)
        .Zip(LineageColumns.Positions(rows), (digest, position) => (digest, position))
        .Select((row, i) => IsTooLate(rows, i) ? Copy(row.digest, row.position) : row.digest);

    private static IEnumerable<string> TooLate(RecordBatch rows) => Identities(rows).Where((_, row) => IsTooLate(rows, row));

    private static bool IsTooLate(RecordBatch rows, int row) =>
        string.Equals(((StringArray)rows.Column(rows.Schema.PositionOf(QuarantineColumns.Reason))).GetString(row), ErrorCodes.TooLate, StringComparison.Ordinal);

    /// <summary>One copy of an event.</summary>
    private static string Copy(string digest, string position) => $"{digest} at {position}";

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
            .. LineageColumns.Fields.Select(f => Lineage(f, rejected)),
        ];
        IEnumerable<IArrowArray> columns = schema.FieldsList.Select(f => rows.Schema.PositionOf(f.Name) is int at and >= 0
            ? rows.Column(at)
            : added[QuarantineColumns.Fields.TakeWhile(own => !string.Equals(own.Name, f.Name, StringComparison.Ordinal)).Count()]);
        return new RecordBatch(schema, columns, rows.Length);

        IArrowArray Constant(int column, object value) => ConstantArray.Create(QuarantineColumns.Fields[column].DataType, value, rows.Length);
    }

    private static IArrowArray Lineage(Field field, IReadOnlyList<RejectedEvents> rejected) => ConcatKernel.Concat(field.DataType, [.. rejected.Select(part =>
        part.Events.Schema.PositionOf(field.Name) is int at and >= 0 && part.Events.Column(at).Data.DataType.TypeId == field.DataType.TypeId
            ? TakeKernel.Take(part.Events.Column(at), [.. part.Rejections.Select(static r => r.Row)])
            : NullArrays.Create(field.DataType, part.Rejections.Count))]);

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
