using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.SourceSnapshots;

/// <summary>What a complete snapshot does to the rows of a target (semantics 2.19).</summary>
public sealed class ComparisonTests
{
    private const string Columns = "k s:long a b";
    private const string Given = "k a b";

    [Theory]
    [InlineData(ScdType.Type1, DeleteMode.Hard, "keep 1 A B", "new 2 N N", "other 2 A C")]
    [InlineData(ScdType.Type1, DeleteMode.Soft, "gone 1 A B deleted@2", "keep 1 A B", "new 2 N N", "other 2 A C")]
    [InlineData(ScdType.Type1, DeleteMode.Ignore, "gone 1 A B", "keep 1 A B", "new 2 N N", "other 2 A C")]
    [InlineData(ScdType.Type2, DeleteMode.Hard, "gone 1 A B [1,2)", "keep 1 A B [1,∞)", "new 2 N N [2,∞)", "other 1 A B [1,2)", "other 2 A C [2,∞)")]
    [InlineData(ScdType.Type2, DeleteMode.Soft, "gone 1 A B [1,2)", "gone 1 A B [2,∞) deleted", "keep 1 A B [1,∞)", "new 2 N N [2,∞)", "other 1 A B [1,2)", "other 2 A C [2,∞)")]
    [InlineData(ScdType.Type2, DeleteMode.Ignore, "gone 1 A B [1,∞)", "keep 1 A B [1,∞)", "new 2 N N [2,∞)", "other 1 A B [1,2)", "other 2 A C [2,∞)")]
    public async Task Only_what_differs_is_written(ScdType type, DeleteMode mode, params string[] expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type).DeleteMode(mode), Columns);
        await bench.SnapshotAsync(1, Given, ["gone A B", "keep A B", "other A B"]);

        MergeResult result = await bench.SnapshotAsync(2, Given, ["keep A B", "other A C", "new N N"]);

        (await bench.RowsAsync()).Should().Equal(expected);
        (result.RowsIn, result.Applied, result.Commits, result.AlreadyApplied).Should().Be((3, 3, 1, false));
    }

    [Theory]
    [InlineData(ScdType.Type1, DeleteMode.Hard, 0)]
    [InlineData(ScdType.Type1, DeleteMode.Soft, 0)]
    [InlineData(ScdType.Type1, DeleteMode.Ignore, 0)]
    [InlineData(ScdType.Type2, DeleteMode.Hard, 0)]
    [InlineData(ScdType.Type2, DeleteMode.Soft, 0)]
    [InlineData(ScdType.Type2, DeleteMode.Ignore, 0)]
    public async Task The_same_rows_again_change_nothing_under_any_version(ScdType type, DeleteMode mode, int changes)
    {
        Bench bench = await Bench.OpenAsync(Flow(type).DeleteMode(mode), Columns);
        await bench.SnapshotAsync(1, Given, ["gone A B", "keep A _"]);
        await bench.SnapshotAsync(2, Given, ["keep A _"]);
        string[] rows = await bench.RowsAsync();

        MergeResult same = await bench.SnapshotAsync(2, Given, ["keep A _"]);
        MergeResult later = await bench.SnapshotAsync(3, Given, ["keep A _"]);

        (same.AlreadyApplied, same.Commits).Should().Be((true, 0));
        (later.AlreadyApplied, later.Commits, later.RowsIn, later.FilesAdded).Should().Be((false, 1, changes, 0));
        (await bench.RowsAsync()).Should().Equal(rows);
    }

    [Theory]
    [InlineData(ScdType.Type1, DeleteMode.Hard, "x 3 A B")]
    [InlineData(ScdType.Type1, DeleteMode.Soft, "x 3 A B")]
    [InlineData(ScdType.Type1, DeleteMode.Ignore, "x 3 A B")]
    [InlineData(ScdType.Type2, DeleteMode.Hard, "x 1 A B [1,2)", "x 3 A B [3,∞)")]
    [InlineData(ScdType.Type2, DeleteMode.Soft, "x 1 A B [1,2)", "x 1 A B [2,3) deleted", "x 3 A B [3,∞)")]
    [InlineData(ScdType.Type2, DeleteMode.Ignore, "x 3 A B [1,∞)")]
    public async Task G28_a_row_that_comes_back_as_it_was_is_a_new_life(ScdType type, DeleteMode mode, params string[] expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type).DeleteMode(mode), Columns);
        await bench.SnapshotAsync(1, Given, ["x A B"]);
        await bench.SnapshotAsync(2, Given, [], new() { AllowEmpty = true });
        for (int version = 3; version < 6; version++)
        {
            await bench.SnapshotAsync(version, Given, ["x A B"]);
        }

        (await bench.RowsAsync()).Should().Equal(expected);
    }

    [Fact]
    public async Task A_change_of_an_untracked_column_stays_in_its_period()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2).TrackHistoryExcept("b"), Columns);
        await bench.SnapshotAsync(1, Given, ["x A B"]);
        await bench.SnapshotAsync(2, Given, ["x A C"]);
        await bench.SnapshotAsync(3, Given, ["x A C"]);

        (await bench.RowsAsync()).Should().Equal("x 2 A C [1,∞)");
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task Keys_of_several_columns_wide_decimals_and_nested_values_are_compared(ScdType type)
    {
        const string Wide = "k part:long n:decimal(38,10) t:struct(x:long,y:text) l:list(text) m:map(text,long)";
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k", "part").SequenceBy("s").StoredAs(type), Wide + " s:long");
        string[] first = ["a 1 1234567890123456789012345678.0123456789 {1,x} [p,q] {z=1}", "a 2 0.5 _ _ _", "b 1 0.5 {_,x} [_] {z=_}"];
        await bench.SnapshotAsync(1, Wide, first);
        MergeResult same = await bench.SnapshotAsync(2, Wide, first);

        MergeResult other = await bench.SnapshotAsync(
            3, Wide, ["a 1 1234567890123456789012345678.0123456788 {1,x} [p,q] {z=1}", "a 2 0.5 {_,_} _ _", "b 1 0.5 {_,x} [_] {z=1}"]);

        (same.RowsIn, other.RowsIn).Should().Be((0, 3));
        (await bench.RowsAsync()).Where(row => row.Contains(" 3", StringComparison.Ordinal)).Should().HaveCount(3);
    }

    [Theory]
    [InlineData(ScdType.Type1, "x 1 A B")]
    [InlineData(ScdType.Type2, "x 1 A B [1,∞)")]
    public async Task A_column_that_the_rows_lack_keeps_its_values_and_is_no_change(ScdType type, string expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), Columns);
        await bench.SnapshotAsync(1, Given, ["x A B"]);

        (await bench.SnapshotAsync(2, "k a", ["x A"])).RowsIn.Should().Be(0);
        (await bench.RowsAsync()).Should().Equal(expected);
    }

    [Fact]
    public async Task Nulls_that_say_nothing_are_no_change()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1).IgnoreNullUpdates("b"), Columns);
        await bench.SnapshotAsync(1, Given, ["x A B", "y A B"]);

        (await bench.SnapshotAsync(2, Given, ["x A _", "y C _"])).RowsIn.Should().Be(1);
        (await bench.RowsAsync()).Should().Equal("x 1 A B", "y 2 C B");
    }

    [Fact]
    public async Task A_new_column_is_added_and_only_rows_with_a_value_there_change()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), Columns);
        await bench.SnapshotAsync(1, Given, ["x A B", "y A B"]);
        await bench.SnapshotAsync(2, "k a b c", ["x A B C", "y A B _"]);

        (await Words.RowsAsync(bench.Table)).Select(row => row.Replace(" C", "", StringComparison.Ordinal)).Should().Equal("x 1 A B [1,2) _", "x 2 A B [2,∞)", "y 1 A B [1,∞) _");
    }

    [Fact]
    public async Task Change_data_tells_what_changed()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1), Columns);
        await bench.SnapshotAsync(1, Given, ["gone A B", "keep A B", "other A B"]);

        MergeResult result = await bench.SnapshotAsync(2, Given, ["keep A B", "other A C", "new N N"]);

        (await Words.ChangesAsync(bench.Table, result.Version!.Value)).Order(StringComparer.Ordinal).Should().Equal(
            "delete gone 1 A B", "insert new 2 N N", "update_postimage other 2 A C", "update_preimage other 1 A B");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_with_nulls_counts_where_nulls_are_keys(bool batched)
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").NullSafeKeys(), Columns);
        await bench.SnapshotAsync(1, Given, ["_ A B", "x A B"]);
        await bench.Flow.ApplySnapshotAsync(batched ? [Words.Batch(Given, "_ A C"), Words.Batch("b k", "B y")] : [Words.Batch(Given, "_ A C", "y _ B")], bench.Table, 2);

        (await bench.RowsAsync()).Should().Equal("_ 2 A C", "y 2 _ B");
    }

    private static MergeFlowBuilder Flow(ScdType type) => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type);
}
