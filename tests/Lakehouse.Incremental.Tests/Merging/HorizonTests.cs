using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>What was forgotten is fenced: events before the horizon are never applied in ignorance (semantics 2.4).</summary>
public sealed class HorizonTests
{
    private const string Columns = "k s:long a op";

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task G19_a_late_event_of_a_key_that_was_forgotten_is_too_late(ScdType type)
    {
        Bench bench = await OpenAsync(type);
        await bench.ApplyAsync("x 10 A u", "x 95 _ d");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);
        string[] rows = await bench.RowsAsync();

        MergeResult late = await bench.ApplyAsync("x 90 B u");

        (late.RowsIn, late.TooLate, late.Applied, late.Inserted).Should().Be((1, 1, 0, 0));
        (await bench.RowsAsync()).Should().Equal(rows);
        (await bench.KeptAsync()).Should().Equal("TOO_LATE '' x 90 B u");
    }

    [Fact]
    public async Task The_tombstones_before_the_horizon_are_gone()
    {
        Bench bench = await OpenAsync();
        await bench.ApplyAsync("x 10 _ d", "y 20 _ d", "z 100 _ d");
        int before = Records(bench);

        MergeResult result = await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        (before, Records(bench)).Should().Be((3, 2), "one tombstone stands at the horizon, and the horizon itself is kept");
        result.Version.Should().Be(2);
        (await bench.ApplyAsync("z 99 A u")).TooLate.Should().Be(0, "its tombstone stands at the horizon and still knows");
        (await bench.RowsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task An_event_at_the_horizon_is_not_too_late()
    {
        Bench bench = await OpenAsync();
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        (await bench.ApplyAsync("x 100 A u", "y 99 A u")).TooLate.Should().Be(1);
        (await bench.RowsAsync()).Should().Equal("x 100 A");
    }

    [Fact]
    public async Task An_event_that_is_certain_to_change_nothing_is_late_and_not_too_late()
    {
        Bench bench = await OpenAsync();
        await bench.ApplyAsync("x 200 A u");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        MergeResult result = await bench.ApplyAsync("x 90 B u");

        (result.Late, result.TooLate).Should().Be((1, 0));
        (await bench.KeptAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task An_event_that_the_table_shows_already_is_a_duplicate()
    {
        Bench bench = await OpenAsync();
        await bench.ApplyAsync("x 90 A u");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        MergeResult result = await bench.ApplyAsync("x 90 A u");

        (result.Duplicates, result.TooLate).Should().Be((1, 0));
    }

    [Fact]
    public async Task A_newer_event_of_a_key_that_is_there_is_merged_also_before_the_horizon()
    {
        Bench bench = await OpenAsync();
        await bench.ApplyAsync("x 80 A u");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        (await bench.ApplyAsync("x 90 B u")).TooLate.Should().Be(0);
        (await bench.RowsAsync()).Should().Equal("x 90 B");
    }

    [Fact]
    public async Task Repeated_and_earlier_horizons_change_nothing()
    {
        Bench bench = await OpenAsync();
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        MergeResult again = await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);
        MergeResult back = await bench.Flow.AdvanceHorizonAsync(bench.Table, [50L]);

        (again.Version, back.Version).Should().Be((null, null));
        (await bench.ApplyAsync("x 99 A u")).TooLate.Should().Be(1, "the horizon did not go back");
    }

    [Fact]
    public async Task A_horizon_advances_again_and_another_process_knows_it()
    {
        Bench bench = await OpenAsync();
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [200L]);

        MergeFlow other = Flow(ScdType.Type1).QuarantineTo(bench.Quarantine).Build();
        DeltaTable table = await DeltaTable.OpenAsync(bench.Table.Storage);

        (await other.ApplyAsync(Words.Batch(Columns, "x 150 A u", "y 200 A u"), table)).TooLate.Should().Be(1);
    }

    [Fact]
    public async Task What_is_delivered_too_late_again_is_kept_once()
    {
        Bench bench = await OpenAsync();
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);
        await bench.ApplyAsync("x 90 A u", "x 90 A u");
        await bench.ApplyAsync("x 90 A u");

        (await bench.KeptAsync()).Should().Equal("TOO_LATE '' x 90 A u");
    }

    [Theory]
    [InlineData(ScdType.Type1, 0, new string[0])]
    [InlineData(ScdType.Type2, 1, new[] { "x 80 A [80,∞)" })]
    public async Task A_truncate_before_the_horizon_is_too_late_for_a_history_only(ScdType type, int tooLate, string[] rows)
    {
        Bench bench = await OpenAsync(type);
        await bench.ApplyAsync("x 80 A u");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        (await bench.ApplyAsync("_ 90 _ t")).TooLate.Should().Be(tooLate);
        (await bench.RowsAsync()).Should().Equal(rows, "type 1 knows all that the truncate could take");
    }

    [Fact]
    public async Task A_history_keeps_what_it_shows_and_goes_on()
    {
        Bench bench = await OpenAsync(ScdType.Type2);
        await bench.ApplyAsync("x 10 A u", "x 20 A u", "x 30 A u", "x 40 B u", "x 150 B u");
        string[] rows = await bench.RowsAsync();
        int before = Records(bench);

        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);
        string[] afterwards = await bench.RowsAsync();
        await bench.ApplyAsync("x 120 C u");

        afterwards.Should().Equal(rows);
        (before, Records(bench)).Should().Be((3, 2), "one member of a run before the horizon is forgotten, and one stands in the table now; the horizon is new");
        (await bench.RowsAsync()).Should().Equal("x 120 C [120,150)", "x 150 B [150,∞)", "x 30 A [10,40)", "x 40 B [40,120)");
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_reconciliation_finds_nothing_after_events_were_too_late(ScdType type)
    {
        Bench bench = await OpenAsync(type);
        await bench.StageAsync("x 10 A u", "x 20 A u", "y 10 A u", "y 30 _ d", "z 150 C u");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);
        await bench.StageAsync("y 20 B u", "n 50 N u", "z 160 D u");

        ReconcileReport report = await bench.ReconcileAsync();

        report.IsClean.Should().BeTrue(report.ToString());
    }

    [Fact]
    public async Task A_flow_without_quarantine_cannot_forget()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1), Columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]));

        (error.ErrorCode, error.Flow).Should().Be((ErrorCodes.InvalidConfiguration, "f"));
    }

    [Fact]
    public async Task Without_the_quarantine_too_late_events_fail_their_batch()
    {
        Bench bench = await OpenAsync();
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.With(Flow(ScdType.Type1)).ApplyAsync("x 90 A u", "y 200 B u"));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.TooLate, 1));
        error.SampleKeys.Should().Equal("x");
        (await bench.RowsAsync()).Should().BeEmpty();
    }

    public static TheoryData<object?[]> WrongPlaces => [[], [1L, 2L], [null], ["text"], [1.5]];

    [Theory]
    [MemberData(nameof(WrongPlaces))]
    public async Task A_horizon_that_is_no_place_in_the_order_is_refused(object?[] horizon)
    {
        Bench bench = await OpenAsync();

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.Flow.AdvanceHorizonAsync(bench.Table, horizon!));

        (error.ErrorCode, error.Flow).Should().Be((ErrorCodes.SchemaMismatch, "f"));
    }

    [Fact]
    public async Task A_composite_horizon_compares_as_a_whole()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s", "t"), "k s:long t:long a", quarantine: true);
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [5L, 5L]);

        (await bench.ApplyAsync("x 5 4 A", "y 5 5 A", "z 4 9 A")).TooLate.Should().Be(2);
        (await bench.RowsAsync()).Should().Equal("y 5 5 A");
    }

    private static int Records(Bench bench) => bench.Flow.Session(bench.Table).State.All.Count();

    private static Task<Bench> OpenAsync(ScdType type = ScdType.Type1) => Bench.OpenAsync(Flow(type), Columns, quarantine: true);

    private static MergeFlowBuilder Flow(ScdType type) => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type).ExceptColumns("op")
        .ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ApplyAsTruncateWhen(c => c["op"].EqualTo("t"));
}
