using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Aggregates;

/// <summary>An input of aggregates: a table kept by a merge flow, and what it must hold.</summary>
internal sealed class SilverTable
{
    private static readonly MergeFlow Flow =
        MergeFlow.Named("rows").Keys("id").SequenceBy("seq").ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ExceptColumns("op").Build();

    private static readonly Schema Events = new(
        [
            new Field("id", Int32Type.Default, true), new Field("seq", Int64Type.Default, true), new Field("op", StringType.Default, true),
            new Field("g", StringType.Default, true), new Field("zone", DoubleType.Default, true), new Field("real", DoubleType.Default, true),
            new Field("single", FloatType.Default, true), new Field("whole", Int64Type.Default, true),
            new Field("amount", new Decimal128Type(20, 2), true), new Field("text", StringType.Default, true),
        ],
        null);

    private long _sequence;

    private SilverTable(InMemoryTableStorage storage, DeltaTable table, bool isPartitioned)
    {
        Storage = storage;
        Table = table;
        IsPartitioned = isPartitioned;
    }

    public static Schema Schema => Flow.TargetSchema(Events);

    public InMemoryTableStorage Storage { get; }

    public DeltaTable Table { get; }

    /// <summary>By <c>g</c>. The engine refuses an empty partition value, so such events are sent with null.</summary>
    public bool IsPartitioned { get; }

    public Dictionary<int, SilverEvent> Rows { get; } = [];

    public static async Task<SilverTable> CreateAsync(bool changeDataFeed = true, string? partitionBy = null)
    {
        InMemoryTableStorage storage = new();
        DeltaTable table = await DeltaTable.CreateAsync(
            storage, Schema, new() { ChangeDataFeed = changeDataFeed, PartitionColumns = partitionBy is null ? [] : [partitionBy] });
        return new SilverTable(storage, table, partitionBy is not null);
    }

    public Task ChangeAsync(params SilverEvent[] events) => ChangeAsync((IReadOnlyList<SilverEvent>)events);

    public async Task ChangeAsync(IReadOnlyList<SilverEvent> events)
    {
        events = IsPartitioned ? [.. events.Select(e => e.Group == "" ? e with { Group = null } : e)] : events;
        foreach (SilverEvent change in events)
        {
            if (change.Delete)
            {
                Rows.Remove(change.Id);
            }
            else
            {
                Rows[change.Id] = change;
            }
        }

        await Flow.ApplyAsync(Batch(events), Table);
    }

    private RecordBatch Batch(IReadOnlyList<SilverEvent> events)
    {
        Int32Array.Builder ids = new();
        Int64Array.Builder sequences = new();
        StringArray.Builder operations = new();
        StringArray.Builder groups = new();
        DoubleArray.Builder zones = new();
        DoubleArray.Builder reals = new();
        FloatArray.Builder singles = new();
        Int64Array.Builder wholes = new();
        StringArray.Builder texts = new();
        List<Int128?> amounts = [];
        foreach (SilverEvent e in events)
        {
            ids.Append(e.Id);
            sequences.Append(++_sequence);
            operations.Append(e.Delete ? "d" : "u");
            groups.Append(e.Group!);
            zones.Append(e.Zone);
            reals.Append(e.Real);
            singles.Append(e.Single);
            wholes.Append(e.Whole);
            texts.Append(e.Text!);
            amounts.Add(e.Whole is { } whole ? (Int128)whole * 1000 : null);
        }

        IArrowArray amount = ConcatKernel.Concat(
            new Decimal128Type(20, 2), [.. amounts.Select(a => ConstantArray.Create(new Decimal128Type(20, 2), a is { } v ? v : (object?)null, 1))]);
        IArrowArray[] columns =
        [
            ids.Build(), sequences.Build(), operations.Build(), groups.Build(), zones.Build(),
            reals.Build(), singles.Build(), wholes.Build(), amount, texts.Build(),
        ];
        return new RecordBatch(Events, columns, events.Count);
    }
}
