using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.SourceSnapshots;

namespace Lakehouse.Incremental.Tests.SourceSnapshots;

/// <summary>What is refused before anything is written, and what a snapshot speaks for (semantics 2.19).</summary>
public sealed class GuardTests
{
    private const string Columns = "k s:long region a";
    private const string Given = "k region a";

    [Theory]
    [InlineData(ScdType.Type1, DeleteMode.Hard)]
    [InlineData(ScdType.Type2, DeleteMode.Hard)]
    [InlineData(ScdType.Type1, DeleteMode.Soft)]
    [InlineData(ScdType.Type2, DeleteMode.Soft)]
    public async Task An_empty_snapshot_is_refused_unless_it_is_allowed(ScdType type, DeleteMode mode)
    {
        Bench bench = await OpenAsync(type, mode);
        await bench.SnapshotAsync(1, Given, ["1 A x", "2 A x", "3 B x"]);
        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(2, Given, []));
        long version = bench.Table.CurrentSnapshot.Version;

        MergeResult result = await bench.Flow.ApplySnapshotAsync([], bench.Table, 2, new() { AllowEmpty = true });

        (error.ErrorCode, error.Batch, version, result.Applied).Should().Be((ErrorCodes.SnapshotEmpty, "2", 1, 3));
        (result.Deleted + result.Closed + result.Marked).Should().BeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task An_empty_target_is_filled_and_may_be_left_empty()
    {
        Bench bench = await OpenAsync();
        await bench.SnapshotAsync(1, Given, [], new() { AllowEmpty = true });
        await bench.SnapshotAsync(2, Given, ["1 A x"]);

        (await bench.RowsAsync()).Should().Equal("1 2 A x");
    }

    [Fact]
    public async Task More_deletes_than_the_guard_allows_are_refused_with_counts_and_keys()
    {
        Bench bench = await OpenAsync();
        string[] all = [.. Enumerable.Range(100, 200).Select(i => $"{i} A x")];
        await bench.SnapshotAsync(1, Given, all);
        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(2, Given, all[101..]));
        long version = bench.Table.CurrentSnapshot.Version;

        (error.ErrorCode, error.Count, version).Should().Be((ErrorCodes.MassDeleteGuard, 101, 1));
        error.SampleKeys.Should().HaveCount(10).And.Contain("100");
        error.Message.Should().Contain("101 of 200");
        (await bench.SnapshotAsync(2, Given, all[100..])).Deleted.Should().Be(100, "so many are allowed whatever share they are");
    }

    [Theory]
    [InlineData(0.5, 0, 5, false)]
    [InlineData(0.5, 0, 6, true)]
    [InlineData(0.5, 6, 6, false)]
    [InlineData(0, 0, 1, true)]
    [InlineData(0, 0, 0, false)]
    [InlineData(1, 0, 10, false)]
    public async Task The_guard_is_a_share_and_a_number(double fraction, long rows, int deletes, bool refused)
    {
        Bench bench = await OpenAsync();
        string[] all = [.. Enumerable.Range(0, 10).Select(i => $"{i} A x")];
        await bench.SnapshotAsync(1, Given, all);
        Task<MergeResult> Call() => bench.SnapshotAsync(2, Given, all[deletes..], new() { AllowEmpty = true, MaxDeleteFraction = fraction, MinGuardRows = rows });

        if (refused)
        {
            (await Refused.ByAsync<LakehouseException>(Call)).ErrorCode.Should().Be(ErrorCodes.MassDeleteGuard);
        }
        else
        {
            (await Call()).Deleted.Should().Be(deletes);
        }
    }

    [Theory]
    [InlineData(ScdType.Type1, DeleteMode.Hard, "2 1 B x", "3 1 _ x", "9 2 A x")]
    [InlineData(ScdType.Type1, DeleteMode.Soft, "1 1 A x deleted@2", "2 1 B x", "3 1 _ x", "9 2 A x")]
    [InlineData(ScdType.Type2, DeleteMode.Hard, "1 1 A x [1,2)", "2 1 B x [1,∞)", "3 1 _ x [1,∞)", "9 2 A x [2,∞)")]
    public async Task Keys_outside_of_the_scope_are_left_alone(ScdType type, DeleteMode mode, params string[] expected)
    {
        Bench bench = await OpenAsync(type, mode);
        await bench.SnapshotAsync(1, Given, ["1 A x", "2 B x", "3 _ x"]);

        await bench.SnapshotAsync(2, Given, ["9 A x"], InRegion("A"));

        (await bench.RowsAsync()).Should().Equal(expected);
    }

    [Fact]
    public async Task The_guard_counts_what_is_in_scope()
    {
        Bench bench = await OpenAsync();
        await bench.SnapshotAsync(1, Given, [.. Enumerable.Range(0, 100).Select(i => $"{i} {(i < 4 ? "A" : "B")} x")]);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(2, Given, ["0 A x"], InRegion("A") with { MinGuardRows = 0 }));

        error.Message.Should().Contain("3 of 4");
    }

    [Fact]
    public async Task A_key_that_moves_into_the_scope_is_taken_over_and_one_that_moved_out_is_deleted_by_its_own_snapshot()
    {
        Bench bench = await OpenAsync();
        await bench.SnapshotAsync(1, Given, ["1 A x", "2 B x"]);
        await bench.SnapshotAsync(2, Given, ["1 A x", "2 A x"], InRegion("A"));
        await bench.SnapshotAsync(3, Given, [], InRegion("B") with { AllowEmpty = true });

        (await bench.RowsAsync()).Should().Equal("1 1 A x", "2 2 A x");
    }

    [Fact]
    public async Task Rows_outside_of_the_scope_are_refused_with_their_keys()
    {
        Bench bench = await OpenAsync();

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.SnapshotAsync(1, Given, ["1 A x", "2 B x", "3 _ x"], InRegion("A")));
        LakehouseException unknown = await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(1, Given, ["1 A x"], new() { Scope = Filter.Column("nowhere").IsNull() }));

        (error.ErrorCode, error.Count, unknown.ErrorCode).Should().Be((ErrorCodes.SnapshotOutOfScope, 2, ErrorCodes.SchemaMismatch));
        error.SampleKeys.Should().Equal("2", "3");
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_key_that_comes_twice_is_refused_even_when_the_rows_are_the_same(ScdType type)
    {
        Bench bench = await OpenAsync(type);

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.SnapshotAsync(1, Given, ["1 A x", "2 A x", "1 A x", "2 A y", "1 A z"]));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.SnapshotDuplicateKey, 3));
        error.SampleKeys.Should().BeEquivalentTo("1", "1", "2");
        (await bench.RowsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Null_keys_and_lossy_values_are_refused_as_for_events()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s"), "k s:long n:short");

        (await Refused.ByAsync<InvalidRowsException>(() => bench.SnapshotAsync(1, "k n:short", ["_ 1"]))).ErrorCode.Should().Be(ErrorCodes.NullKey);
        (await Refused.ByAsync<InvalidRowsException>(() => bench.SnapshotAsync(1, "k n:long", ["x 70000"]))).ErrorCode.Should().Be(ErrorCodes.LossyCast);
    }

    [Fact]
    public async Task A_row_that_is_set_apart_is_not_absent()
    {
        Schema given = Words.Schema("k:long s:long n:long");
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(new InMemoryTableStorage(), given);
        MergeFlow flow = MergeFlow.Named("f").Keys("k").SequenceBy("s").QuarantineTo(quarantine).Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(Words.Schema("k:short s:long n:short")));
        await flow.ApplySnapshotAsync(Words.Batch("k:short n:short", "1 1", "2 2", "3 3"), table, 1);

        MergeResult result = await flow.ApplySnapshotAsync(Words.Batch("k:long n:long", "1 70000", "70001 70001", "_ 1", "2 2"), table, 2);
        InvalidRowsException twice = await Refused.ByAsync<InvalidRowsException>(() => flow.ApplySnapshotAsync(Words.Batch("k:long n:long", "1 70000", "1 1"), table, 3));

        (result.Quarantined, result.Deleted, result.RowsIn).Should().Be((3, 1, 4));
        twice.ErrorCode.Should().Be(ErrorCodes.SnapshotDuplicateKey);
        (await Words.RowsAsync(table)).Should().Equal("1 1 1", "2 1 2");
        quarantine.Table.CurrentSnapshot.RowCount.Should().Be(3, "what is refused keeps nothing");
    }

    private static SnapshotOptions InRegion(string region) => new() { Scope = Filter.Column("region").EqualTo(region) };

    private static Task<Bench> OpenAsync(ScdType type = ScdType.Type1, DeleteMode mode = DeleteMode.Hard) =>
        Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type).DeleteMode(mode), Columns);
}
