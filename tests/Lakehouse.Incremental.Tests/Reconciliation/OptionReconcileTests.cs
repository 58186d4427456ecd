using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Tests.Reconciliation;

/// <summary>With each option: what was merged is clean, what somebody damaged is found and repaired, and then it is clean again.</summary>
public sealed class OptionReconcileTests
{
    private const string Columns = "k s:long a t:long b op old cols:list(text)";

    private static readonly string[] s_events =
    [
        "x 10 A 9 B u _ _", "y 10 A 9 B u _ _", "x 30 _ 8 B3 u _ [b]", "x 20 A2 7 _ u _ [a]", "y 20 _ _ _ d _ _", "z 5 A 1 B u _ _", "w 40 A 1 B u _ _",
        "y 30 A3 10 _ u _ _", "v 5 A 1 B u _ _", "v 6 _ _ _ d _ _",
    ];

    private static readonly Dictionary<string, (Func<MergeFlowBuilder, MergeFlowBuilder> Rule, string[] Events)> s_options = new(StringComparer.Ordinal)
    {
        ["plain"] = (f => f, []),
        ["partial"] = (f => f.ColumnsToUpdate("cols"), []),
        ["ignore nulls"] = (f => f.IgnoreNullUpdates(), []),
        ["marker"] = (f => f.UnsetMarker("UNSET"), ["x 50 UNSET 1 UNSET u _ _"]),
        ["soft"] = (f => f.DeleteMode(DeleteMode.Soft), []),
        ["ignore"] = (f => f.DeleteMode(DeleteMode.Ignore), []),
        ["delete wins"] = (f => f.DeleteMode(DeleteMode.Soft).DeleteWinsTies(), ["w 40 _ _ _ d _ _"]),
        ["null keys"] = (f => f.NullSafeKeys(), ["_ 1 A 1 B u _ _", "_ 2 _ _ _ d _ _"]),
        ["key changes"] = (f => f.PreviousKeys("old"), ["q 50 A5 5 B5 u w _", "w 60 A6 6 B6 u q _"]),
        ["truncate"] = (f => f.ApplyAsTruncateWhen(c => c["op"].EqualTo("t")), ["_ 15 _ _ _ t _ _"]),
        ["soft truncate"] = (f => f.ApplyAsTruncateWhen(c => c["op"].EqualTo("t")).DeleteMode(DeleteMode.Soft), ["_ 15 _ _ _ t _ _"]),
        ["groups"] = (f => f.SequenceGroup(["t"], "b"), ["x _ _ 99 late u _ _"]),
        ["effective"] = (f => f.EffectiveAt("t"), []),
        ["all versions"] = (f => f.TrackHistoryOn("a").UntrackedScope(UntrackedScope.AllVersions), []),
        ["dbt"] = (f => f.HistoryColumns(HistoryColumns.Dbt).DeleteMode(DeleteMode.Soft), []),
    };

    public static TheoryData<string, ScdType> Cases
    {
        get
        {
            TheoryData<string, ScdType> cases = [];
            foreach (string option in s_options.Keys)
            {
                if (option is not ("effective" or "all versions" or "dbt"))
                {
                    cases.Add(option, ScdType.Type1);
                }

                if (option != "groups")
                {
                    cases.Add(option, ScdType.Type2);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_was_merged_is_clean(string option, ScdType type)
    {
        Bench bench = await MergedAsync(option, type);

        ReconcileReport report = await bench.ReconcileAsync();

        report.IsClean.Should().BeTrue(report.ToString());
        report.ActualRows.Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_row_that_is_lost_is_found_and_repaired(string option, ScdType type) =>
        await MustRepairAsync(option, type, rows => rows.Slice(1, rows.Length - 1));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_row_that_is_doubled_is_found_and_repaired(string option, ScdType type) =>
        await MustRepairAsync(option, type, rows => ConcatKernel.Concat(rows.Schema, [rows, rows.Slice(0, 1)]));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_value_that_somebody_changed_is_found_and_repaired(string option, ScdType type) => await MustRepairAsync(option, type, rows =>
    {
        int a = rows.Schema.GetFieldIndex("a");
        IArrowArray changed = ConstantArray.Create(rows.Schema.GetFieldByIndex(a).DataType, "foreign", rows.Length);
        return new RecordBatch(rows.Schema, rows.Arrays.Select((column, i) => i == a ? changed : column), rows.Length);
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_table_that_somebody_emptied_is_filled_again(string option, ScdType type) => await MustRepairAsync(option, type, rows => rows.Slice(0, 0));

    private static async Task MustRepairAsync(string option, ScdType type, Func<RecordBatch, RecordBatch> damage)
    {
        Bench bench = await MergedAsync(option, type);
        string[] truth = await bench.RowsAsync();
        await bench.DamageAsync(damage);

        ReconcileReport found = await bench.ReconcileAsync();
        ReconcileReport repaired = await bench.ReconcileAsync(ReconcileMode.Repair);
        ReconcileReport again = await bench.ReconcileAsync();

        found.IsClean.Should().BeFalse();
        repaired.RepairVersion.Should().NotBeNull();
        (await bench.RowsAsync()).Should().Equal(truth);
        again.IsClean.Should().BeTrue(again.ToString());
    }

    private static async Task<Bench> MergedAsync(string option, ScdType type)
    {
        (Func<MergeFlowBuilder, MergeFlowBuilder> rule, string[] more) = s_options[option];
        MergeFlowBuilder flow = rule(MergeFlow.Named("f").Keys("k").SequenceBy("s").ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ExceptColumns("op", "old", "cols").StoredAs(type));
        Bench bench = await Bench.OpenAsync(flow, Columns);
        string[] events = [.. s_events.Where(e => option != "effective" || !e.Contains(" _ _ _ d", StringComparison.Ordinal)), .. more];
        foreach (string[] batch in events.Chunk(3))
        {
            await bench.StageAsync(batch);
        }

        return bench;
    }
}
