using System.Reflection;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Staging;
using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>What happens is logged with ids that stay, and without the values of rows.</summary>
public sealed class MergeLogTests
{
    private readonly InMemoryTableStorage _silver = new();
    private readonly RecordingLogger _log = new();

    [Fact]
    public async Task A_merge_is_one_line_with_its_counts()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await TableAsync(flow);

        await flow.ApplyAsync(Orders.Batch("a 1 open"), table);
        await flow.ApplyAsync(Orders.Batch("a 1 open"), table);
        await flow.ApplyAsync(Orders.Batch("b 1 open"), table, batch: 0);
        await flow.ApplyAsync(Orders.Batch("b 1 open"), table, batch: 0);

        _log.Ids.Should().Equal(107, 100, 101, 100, 101);
        (_, LogLevel level, string text, IReadOnlyList<KeyValuePair<string, object?>> values) = _log.Entries[1];
        level.Should().Be(LogLevel.Information);
        text.Should().StartWith("Flow 'orders' merged direct into ").And.Contain("version 1: 1 in, 1 applied").And.NotContain("\n");
        values.Should().Contain(new KeyValuePair<string, object?>("Inserted", 1L)).And.Contain(new KeyValuePair<string, object?>("Version", 1L));
    }

    [Fact]
    public async Task Floating_point_keys_are_worth_a_warning()
    {
        MergeFlow flow = MergeFlow.Named("f").Keys("k", "x").SequenceBy("s").Build();
        DeltaTable table = await DeltaTable.CreateAsync(
            _silver,
            flow.TargetSchema(new Schema([new Field("k", StringType.Default, true), new Field("x", DoubleType.Default, true), new Field("s", Int64Type.Default, true)], null)),
            null,
            new DeltaTableOptions { Logger = _log });

        await flow.ApplyAsync(new RecordBatch(
            table.CurrentSnapshot.Schema,
            [new StringArray.Builder().Append("a").Build(), new DoubleArray.Builder().Append(double.NaN).Build(), new Int64Array.Builder().Append(1).Build()],
            1), table);

        _log.TextOf(114).Should().Contain("keys in").And.Contain(": x.");
    }

    [Fact]
    public async Task Ties_late_events_and_events_set_apart_are_logged_without_their_values()
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        MergeFlow flow = Orders.Flow(ScdType.Type2).QuarantineTo(quarantine).Build();
        DeltaTable table = await TableAsync(flow);
        await flow.ApplyAsync(Orders.Batch("a 10 secret", "a 30 secret"), table);
        await flow.AdvanceHorizonAsync(table, [5L]);

        await flow.ApplyAsync(Orders.Batch("a 20 secret1", "a 20 secret2", "_ 1 secret", "a 1 secret"), table);

        _log.TextOf(103).Should().Contain("1 events").And.EndWith("1 NULL_KEY.");
        _log.TextOf(104).Should().Contain("1 events");
        _log.TextOf(105).Should().Contain("1 ties").And.EndWith("such as a at 20.");
        _log.TextOf(108).Should().Contain("version 2");
        _log.TextOf(113).Should().EndWith("such as a at 20; a at 20.");
        _log.Entries.Should().AllSatisfy(static e => e.Text.Should().NotContain("secret"));
    }

    [Fact]
    public async Task New_columns_and_adoption_are_logged()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await TableAsync(flow);
        RecordBatch events = Orders.Batch("a 10 open");
        Schema wider = new([.. events.Schema.FieldsList, new Field("extra", StringType.Default, true)], null);

        await flow.AdoptAsync(table, [5L]);
        await flow.ApplyAsync(new RecordBatch(wider, [.. events.Arrays, new StringArray.Builder().Append("x").Build()], 1), table);

        _log.TextOf(109).Should().Contain("adopted");
        _log.TextOf(106).Should().EndWith("columns now: id, seq, status, note, extra.");
    }

    [Fact]
    public async Task A_merge_that_is_derived_again_says_so()
    {
        MergeFlow flow = Orders.Flow().Build();
        Delta.Tests.Tables.HookedStorage storage = new(_silver);
        DeltaTable table = await DeltaTable.CreateAsync(storage, flow.TargetSchema(Orders.Events), null, new DeltaTableOptions { Logger = _log });
        DeltaTable other = await DeltaTable.OpenAsync(_silver);
        storage.BeforePutIfAbsent = async path =>
        {
            storage.BeforePutIfAbsent = static _ => Task.CompletedTask;
            await Orders.Flow().Build().ApplyAsync(Orders.Batch("b 1 open"), other);
        };

        await flow.ApplyAsync(Orders.Batch("a 1 open"), table);

        _log.TextOf(102).Should().Contain("from version 1").And.Contain("attempt 2");
    }

    [Fact]
    public async Task Drift_and_its_repair_are_logged()
    {
        MergeFlow flow = Orders.Flow().Build();
        StagingTable staging = await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        DeltaTable table = await TableAsync(flow);
        await staging.AppendAsync(Orders.Batch("a 1 open", "b 1 open"), new SourcePosition("s", 0, 0));
        await flow.ApplyAsync(staging, table);
        await Reconciler.ReconcileAsync(flow, staging, table);
        await table.DeleteAsync(Delta.Filters.Filter.Column("id").EqualTo("a"));

        await Reconciler.ReconcileAsync(flow, staging, table, new() { Mode = ReconcileMode.Repair });

        _log.TextOf(110).Should().Contain("2 rows");
        _log.TextOf(111).Should().Contain("keys 1 missing").And.EndWith("such as a.");
        _log.TextOf(112).Should().Contain("version 3");
        _log.Entries.Single(static e => e.Id == 111).Level.Should().Be(LogLevel.Warning);
    }

    /// <summary>Who filters by an id must find it tomorrow: an id may be added, none may change.</summary>
    [Fact]
    public void Ids_are_stable()
    {
        Ids(typeof(FlowLogMessages)).Should().BeEquivalentTo(new Dictionary<string, int>
        {
            ["Merged"] = 100,
            ["NothingNew"] = 101,
            ["MergeDerivedAgain"] = 102,
            ["EventsQuarantined"] = 103,
            ["EventsTooLate"] = 104,
            ["TiesDecided"] = 105,
            ["TargetEvolved"] = 106,
            ["KeyIndexBegun"] = 107,
            ["HorizonAdvanced"] = 108,
            ["TableAdopted"] = 109,
            ["NoDrift"] = 110,
            ["DriftFound"] = 111,
            ["DriftRepaired"] = 112,
            ["EventsArrivedLate"] = 113,
            ["FloatingPointKeys"] = 114,
        });
        Ids(typeof(LogMessages)).Values.Should().OnlyHaveUniqueItems().And.OnlyContain(static id => id < 100);

        static Dictionary<string, int> Ids(Type type) => type.GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(static m => (m.Name, Attribute: m.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static m => m.Attribute is not null).ToDictionary(static m => m.Name, static m => m.Attribute!.EventId);
    }

    private Task<DeltaTable> TableAsync(MergeFlow flow) =>
        DeltaTable.CreateAsync(_silver, flow.TargetSchema(Orders.Events), null, new DeltaTableOptions { Logger = _log });
}
