using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Rules that a table was built with are changed: refused by the name of the rule, since neither the old nor the new rules would explain the rows.</summary>
public sealed class ConfigurationDriftTests
{
    private const string Columns = "k j s:long t:long a b op day:date old old_j cols:list(text)";

    private static readonly Dictionary<string, Func<MergeFlowBuilder, MergeFlowBuilder>> s_type1 = new(StringComparer.Ordinal)
    {
        ["deleteMode Soft"] = f => f.DeleteMode(DeleteMode.Soft),
        ["deleteMode Ignore"] = f => f.DeleteMode(DeleteMode.Ignore),
        ["deleteWinsTies"] = f => f.DeleteWinsTies(),
        ["ignoreNulls all"] = f => f.IgnoreNullUpdates(),
        ["ignoreNulls a"] = f => f.IgnoreNullUpdates("a"),
        ["columnsToUpdate"] = f => f.ColumnsToUpdate("cols"),
        ["unsetMarker"] = f => f.UnsetMarker("UNSET"),
        ["groups"] = f => f.SequenceGroup(["t"], "b"),
        ["nullSafeKeys"] = f => f.NullSafeKeys(),
        ["previousKeys"] = f => f.PreviousKeys("old"),
        ["operations"] = f => f.Operations("op", new() { Upsert = ["u"], Delete = ["x"] }),
        ["deleteWhen"] = f => f.ApplyAsDeleteWhen(c => c["op"].EqualTo("d")),
        ["truncateWhen"] = f => f.ApplyAsTruncateWhen(c => c["op"].EqualTo("t")),
        ["snapshotReadWhen"] = f => f.ApplyAsSnapshotReadWhen(c => c["op"].EqualTo("r")),
        ["keys"] = f => f.Keys("k", "j"),
        ["sequence"] = f => f.SequenceBy("s", "t"),
        ["storedAs"] = f => f.StoredAs(ScdType.Type2),
    };

    private static readonly Dictionary<string, Func<MergeFlowBuilder, MergeFlowBuilder>> s_type2 = new(StringComparer.Ordinal)
    {
        ["sequence"] = f => f.EffectiveAt("t"),
        ["untrackedScope"] = f => f.UntrackedScope(UntrackedScope.AllVersions),
        ["tracked"] = f => f.TrackHistoryExcept().TrackHistoryOn("a"),
        ["except"] = f => f.TrackHistoryExcept("a", "b"),
        ["deleteMode"] = f => f.DeleteMode(DeleteMode.Ignore),
        ["previousKeys"] = f => f.PreviousKeys("old"),
    };

    /// <summary>What decides about rows: a table cannot be kept by one rule first and by another afterwards.</summary>
    public static TheoryData<string> Refused1 => ["deleteMode Soft", "deleteMode Ignore", "deleteWinsTies", "ignoreNulls all", "ignoreNulls a", "groups", "nullSafeKeys", "keys", "sequence", "storedAs"];

    /// <summary>What only reads events: tables go on.</summary>
    public static TheoryData<string> Taken1 => ["columnsToUpdate", "unsetMarker", "previousKeys", "operations", "deleteWhen", "truncateWhen", "snapshotReadWhen"];

    public static TheoryData<string> Refused2 => [.. s_type2.Keys];

    [Theory]
    [MemberData(nameof(Refused1))]
    public async Task Another_rule_for_type_1_is_refused_by_name_and_the_table_stays(string rule) => await MustRefuseAsync(Plain(), s_type1[rule](Plain()), rule);

    [Theory]
    [MemberData(nameof(Refused2))]
    public async Task Another_rule_for_type_2_is_refused_by_name_and_the_table_stays(string rule) =>
        await MustRefuseAsync(History(), s_type2[rule](History()), rule);

    [Theory]
    [MemberData(nameof(Refused1))]
    public async Task A_rule_that_is_given_up_is_refused_too(string rule) => await MustRefuseAsync(s_type1[rule](Plain()), Plain(), rule);

    [Theory]
    [MemberData(nameof(Taken1))]
    public async Task A_rule_that_only_says_how_events_are_read_may_change(string rule)
    {
        Bench bench = await Bench.OpenAsync(Plain(), Columns);
        await bench.ApplyAsync("x y 1 1 a b u 2024-01-01 _ _ _");

        await bench.With(s_type1[rule](Plain().ExceptColumns("op", "day", "old", "old_j", "cols"))).ApplyAsync("x y 2 1 a2 b u 2024-01-01 _ _ _");

        bench.Table.CurrentSnapshot.Version.Should().Be(2);
    }

    [Fact]
    public async Task Nulls_first_in_another_component_is_refused_by_name()
    {
        Func<MergeFlowBuilder> plain = () => Plain().SequenceBy("s", "t");
        await MustRefuseAsync(plain(), plain().NullsFirst("t"), "nullsFirst");
        await MustRefuseAsync(plain().NullsFirst("t"), plain(), "nullsFirst");
        await MustRefuseAsync(plain().NullsFirst("t"), plain().NullsFirst("s"), "nullsFirst");
    }

    [Fact]
    public async Task Options_that_do_not_decide_about_rows_may_change()
    {
        Bench bench = await Bench.OpenAsync(Plain(), Columns);
        await bench.ApplyAsync("x y 1 1 a b u 2024-01-01 _ _ _");
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(new InMemoryTableStorage(), Words.Schema(Columns));

        foreach (MergeFlowBuilder other in new[] { Plain().MaxRowsPerCommit(7), Plain().QuarantineTo(quarantine), Plain().SchemaPolicy(SchemaPolicy.Strict) })
        {
            (await bench.With(other).ApplyAsync("x y 1 1 a b u 2024-01-01 _ _ _")).Duplicates.Should().Be(1);
        }
    }

    [Fact]
    public async Task Names_of_the_period_that_change_are_refused()
    {
        Bench bench = await Bench.OpenAsync(Plain().StoredAs(ScdType.Type2), Columns);
        await bench.ApplyAsync("x y 1 1 a b u 2024-01-01 _ _ _");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(
            () => bench.With(Plain().StoredAs(ScdType.Type2).HistoryColumns(HistoryColumns.Dbt)).ApplyAsync("x y 2 1 a b u 2024-01-01 _ _ _"));

        error.Message.Should().Contain("dbt_valid_from");
        (await bench.Table.RefreshAsync()).Version.Should().Be(1);
    }

    [Fact]
    public async Task A_column_that_somebody_dropped_is_named()
    {
        Bench bench = await Bench.OpenAsync(
            Plain(), Columns, new() { Properties = new Dictionary<string, string> { ["delta.columnMapping.mode"] = "name" } });
        await bench.ApplyAsync("x y 1 1 a b u 2024-01-01 _ _ _");
        await bench.Table.DropColumnAsync("b");

        ConfigurationDriftException error = await Refused.ByAsync<ConfigurationDriftException>(() => bench.ApplyColumnsAsync("k j s:long a", "x y 2 a2"));

        error.Message.Should().Contain("gone (b)");
    }

    [Fact]
    public async Task The_order_in_which_columns_are_named_does_not_matter_where_they_are_a_set()
    {
        Bench bench = await Bench.OpenAsync(Plain().StoredAs(ScdType.Type2).TrackHistoryExcept("a", "b").IgnoreNullUpdates("a", "b"), Columns);
        await bench.ApplyAsync("x y 1 1 a b u 2024-01-01 _ _ _");

        MergeFlowBuilder same = Plain().StoredAs(ScdType.Type2).TrackHistoryExcept("b", "a").IgnoreNullUpdates("b", "a");

        (await bench.With(same).ApplyAsync("x y 1 1 a b u 2024-01-01 _ _ _")).Duplicates.Should().Be(1);
    }

    private static async Task MustRefuseAsync(MergeFlowBuilder first, MergeFlowBuilder second, string rule)
    {
        Bench bench = await Bench.OpenAsync(first, Columns);
        await bench.ApplyAsync("x y 1 1 a b u 2024-01-01 _ _ _", "z y 5 1 a b u 2024-01-01 _ _ _");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.With(second).ApplyAsync("x y 2 1 a2 b u 2024-01-01 _ _ _"));

        // A rule that needs columns which the table lacks is refused by their name.
        string name = error is ConfigurationDriftException ? $"its {rule.Split(' ')[0]} is" : "the flow needs a column __";
        error.Message.Should().Contain(name).And.Subject.Split("its ").Length.Should().BeLessThanOrEqualTo(2, "no other rule is named");
        error.Flow.Should().Be("f");
        (await bench.Table.RefreshAsync()).Version.Should().Be(1);
    }

    private static MergeFlowBuilder History() => Plain().StoredAs(ScdType.Type2).TrackHistoryExcept("b");

    private static MergeFlowBuilder Plain() => MergeFlow.Named("f").Keys("k").SequenceBy("s").ExceptColumns("op", "day");
}
