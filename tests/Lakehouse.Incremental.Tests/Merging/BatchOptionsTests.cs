using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Batches with numbers stay exact with partial rows, truncates, quarantine and new columns (semantics 2.5).</summary>
public sealed class BatchOptionsTests
{
    private const string WholeColumns = "k s:long a b";
    private const string Columns = "k s:long a b cols:list(text)";

    [Fact]
    public async Task G16_the_same_number_with_the_same_bytes_was_applied_and_with_others_is_an_error()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await NumberedAsync(bench, 0, Columns, "x 1 A B _", "x 2 _ B2 [b]");

        MergeResult again = await NumberedAsync(bench, 0, Columns, "x 2 _ B2 [b]", "x 1 A B _");
        LakehouseException other = await Refused.ByAsync<LakehouseException>(() => NumberedAsync(bench, 0, Columns, "x 1 A B _", "x 2 _ B2 [a]"));

        again.AlreadyApplied.Should().BeTrue();
        other.ErrorCode.Should().Be(ErrorCodes.BatchContentMismatch);
    }

    [Theory]
    [InlineData("k s:long a", "x 1 A")]
    [InlineData("k s:long a b:bytes", "x 1 A _")]
    public async Task An_absent_column_is_another_content_than_a_null(string columns, string row)
    {
        Bench bench = await Bench.OpenAsync(Whole(), WholeColumns);
        await NumberedAsync(bench, 0, "k s:long a b", "x 1 A _");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => NumberedAsync(bench, 0, columns, row));

        error.ErrorCode.Should().Be(ErrorCodes.BatchContentMismatch);
    }

    [Fact]
    public async Task The_order_of_columns_is_no_content()
    {
        Bench bench = await Bench.OpenAsync(Whole(), WholeColumns);
        await NumberedAsync(bench, 0, "k s:long a b", "x 1 A B");

        (await NumberedAsync(bench, 0, "b a s:long k", "B A 1 x")).AlreadyApplied.Should().BeTrue();
    }

    [Fact]
    public async Task A_batch_whose_events_all_go_to_quarantine_uses_its_number_and_is_kept_once()
    {
        Bench bench = await Bench.OpenAsync(Whole(), WholeColumns, quarantine: true);
        await NumberedAsync(bench, 0, "k s:long a b", "_ 1 A B");

        MergeResult again = await NumberedAsync(bench, 0, "k s:long a b", "_ 1 A B");
        await NumberedAsync(bench, 1, "k s:long a b", "x 1 A B");

        again.AlreadyApplied.Should().BeTrue();
        (await bench.KeptAsync()).Should().ContainSingle();
        (await bench.RowsAsync()).Should().Equal("x 1 A B");
    }

    [Fact]
    public async Task A_batch_that_is_refused_does_not_use_its_number()
    {
        Bench bench = await Bench.OpenAsync(Whole(), WholeColumns);
        await Refused.ByAsync<InvalidRowsException>(() => NumberedAsync(bench, 0, "k s:long a b", "_ 1 A B"));

        MergeResult corrected = await NumberedAsync(bench, 0, "k s:long a b", "x 1 A B");

        (corrected.AlreadyApplied, corrected.Inserted).Should().Be((false, 1));
    }

    [Fact]
    public async Task A_batch_after_a_gap_changes_neither_rows_nor_columns()
    {
        Bench bench = await Bench.OpenAsync(Whole(), WholeColumns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => NumberedAsync(bench, 1, "k s:long new_column", "x 1 A"));

        (error.ErrorCode, error.Batch).Should().Be((ErrorCodes.BatchGap, "1"));
        (await bench.Table.RefreshAsync()).Schema.FieldsList.Should().HaveCount(4);
    }

    [Theory]
    [InlineData(ScdType.Type1, "x 30 C _", "y 50 Y n")]
    [InlineData(ScdType.Type2, "x 10 A _ [10,20)", "x 30 C _ [30,∞)", "y 50 Y n [50,∞)")]
    public async Task Truncates_and_new_columns_are_applied_once(ScdType type, params string[] expected)
    {
        MergeFlowBuilder flow = MergeFlow.Named("f").Keys("k").SequenceBy("s").ApplyAsTruncateWhen(c => c["op"].EqualTo("t")).ExceptColumns("op").StoredAs(type);
        Bench bench = await Bench.OpenAsync(flow, "k s:long a n op");
        (string Columns, string[] Rows)[] batches = [("k s:long a op", ["x 10 A u", "_ 20 _ t"]), ("k s:long a op", ["x 30 C u"]), ("k s:long a n op", ["y 50 Y n u"])];
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < batches.Length; i++)
            {
                (await NumberedAsync(bench, i, batches[i].Columns, batches[i].Rows)).AlreadyApplied.Should().Be(round == 1);
            }
        }

        (await bench.RowsAsync()).Should().Equal(expected);
    }

    [Fact]
    public async Task A_horizon_between_two_numbers_does_not_disturb_them()
    {
        Bench bench = await Bench.OpenAsync(Whole(), WholeColumns, quarantine: true);
        await NumberedAsync(bench, 0, "k s:long a b", "x 10 A B");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);
        MergeResult late = await NumberedAsync(bench, 1, "k s:long a b", "y 90 A B");

        (late.TooLate, late.AlreadyApplied).Should().Be((1, false));
        (await NumberedAsync(bench, 1, "k s:long a b", "y 90 A B")).AlreadyApplied.Should().BeTrue();
        (await NumberedAsync(bench, 0, "k s:long a b", "x 10 A B")).AlreadyApplied.Should().BeTrue();
    }

    private static Task<MergeResult> NumberedAsync(Bench bench, long batch, string columns, params string[] rows) =>
        bench.Flow.ApplyAsync(Words.Batch(columns, rows), bench.Table, batch);

    private static MergeFlowBuilder Whole() => MergeFlow.Named("f").Keys("k").SequenceBy("s");

    private static MergeFlowBuilder Flow() => MergeFlow.Named("f").Keys("k").SequenceBy("s").ColumnsToUpdate("cols");
}
