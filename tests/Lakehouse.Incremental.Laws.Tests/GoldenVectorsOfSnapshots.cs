using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.SourceSnapshots;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>The golden vectors of the semantics (section 2.44) about complete snapshots of a source.</summary>
public sealed class GoldenVectorsOfSnapshots
{
    private static readonly Layout InRegions = new(
        [new Column("k", ColumnType.Long)], [new Column("s", ColumnType.Long)], [new Column("region", ColumnType.Text)], [true]);

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task G20_an_empty_snapshot_is_an_error_and_with_the_override_three_deletes(ScdType scdType)
    {
        EngineUnderTest engine = await OpenAsync(scdType);
        Event[] rows = [Row(1, 1, "A"), Row(2, 1, "A"), Row(3, 1, "B")];
        await engine.SnapshotAsync(rows, 1);
        Func<Task> empty = () => engine.SnapshotAsync([], 2, new SnapshotOptions());

        (await empty.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.SnapshotEmpty);
        await engine.SilverMustHoldAsync(rows, "nothing was written");
        MergeResult result = await engine.SnapshotAsync([], 2, new SnapshotOptions { AllowEmpty = true });

        result.Applied.Should().Be(3);
        await engine.SilverMustHoldAsync([.. rows, .. rows.Select(r => Event.Delete(r.Key, [2L], r.Values))]);
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task G21_a_snapshot_of_one_region_leaves_the_keys_of_another_alone(ScdType scdType)
    {
        EngineUnderTest engine = await OpenAsync(scdType);
        Event[] rows = [Row(1, 1, "A"), Row(2, 1, "A"), Row(3, 1, "B")];
        await engine.SnapshotAsync(rows, 1);

        await engine.SnapshotAsync([Row(1, 2, "A")], 2, new SnapshotOptions { Scope = Filter.Column("region").EqualTo("A") });

        await engine.SilverMustHoldAsync([.. rows, Event.Delete([2L], [2L], "A")]);
    }

    private static Event Row(long key, long version, string region) => Event.Upsert([key], [version], region);

    private static Task<EngineUnderTest> OpenAsync(ScdType scdType) =>
        EngineUnderTest.OpenAsync(new History(InRegions, new Wire(Presence.Whole), []), new TableShape { Staged = false }, scdType);
}
