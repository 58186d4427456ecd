using CsCheck;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>Which versions of an application were passed over.</summary>
public sealed class TransactionGapsTests
{
    private const string App = "app";

    [Fact]
    public async Task They_are_the_versions_that_did_not_come_whatever_the_order()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema);
        TransactionGaps none = TransactionGaps.Of(table.CurrentSnapshot, App);
        Gen.Int[0, 30].Array[0, 40].Sample(versions =>
        {
            TransactionGaps gaps = none;
            int last = -1;
            foreach (int version in versions)
            {
                gaps = gaps.With(last + 1, version - 1).Without(version);
                last = Math.Max(last, version);
            }

            int[] missing = [.. Enumerable.Range(0, last + 1).Except(versions)];
            return Enumerable.Range(-1, 35).All(v => gaps.Contains(v) == missing.Contains(v))
                && gaps.ForgottenBelow == 0
                && gaps.Runs.Zip(gaps.Runs.Skip(1), (a, b) => a.Last + 1 < b.First).All(static apart => apart);
        });
    }

    [Fact]
    public async Task Of_too_many_the_oldest_are_forgotten()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema);
        TransactionGaps gaps = TransactionGaps.Of(table.CurrentSnapshot, App);
        for (int i = 0; i < TransactionGaps.MaxRuns; i++)
        {
            gaps = gaps.With(10 * i, (10 * i) + 4);
        }

        (gaps.ForgottenBelow, gaps.Contains(0)).Should().Be((0, true));
        gaps = gaps.Without(25);
        (gaps.ForgottenBelow, gaps.Runs.Count).Should().Be((0, TransactionGaps.MaxRuns), "25 was in none");
        gaps = gaps.Without(22);
        (gaps.ForgottenBelow, gaps.Runs.Count, gaps.Contains(3), gaps.Contains(10)).Should().Be((5, TransactionGaps.MaxRuns, false, true));
        gaps = gaps.With(1_000_000, 1_000_000);
        (gaps.ForgottenBelow, gaps.Contains(14), gaps.Contains(20), gaps.Contains(1_000_000)).Should().Be((15, false, true, true));

        await CommitAsync(table, gaps.Write(table.CurrentSnapshot, App)!);
        TransactionGaps read = TransactionGaps.Of(table.CurrentSnapshot, App);
        (read.ForgottenBelow, read.Runs.SequenceEqual(gaps.Runs)).Should().Be((15, true));
    }

    [Fact]
    public async Task Those_of_other_applications_stay_and_nothing_is_left_of_the_last()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema);
        await CommitAsync(table, TransactionGaps.Of(table.CurrentSnapshot, App).With(1, 2).Write(table.CurrentSnapshot, App)!);
        await CommitAsync(table, TransactionGaps.Of(table.CurrentSnapshot, "other").With(5, 6).Write(table.CurrentSnapshot, "other")!);
        await table.CheckpointAsync();
        TransactionGaps.Of(table.CurrentSnapshot, App).Write(table.CurrentSnapshot, App).Should().BeNull("nothing changes");
        await CommitAsync(table, TransactionGaps.Of(table.CurrentSnapshot, App).Without(1).Without(2).Write(table.CurrentSnapshot, App)!);
        TransactionGaps.Of(table.CurrentSnapshot, App).Runs.Should().BeEmpty();
        TransactionGaps.Of(table.CurrentSnapshot, "other").Runs.Should().Equal((5, 6));
        await CommitAsync(table, TransactionGaps.Of(table.CurrentSnapshot, "other").Without(5).Without(6).Write(table.CurrentSnapshot, "other")!);
        table.CurrentSnapshot.Domain(TransactionGaps.Domain).Should().BeNull();
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"app":{"forgottenBelow":0}}""")]
    [InlineData("""{"app":{"forgottenBelow":"x","runs":[]}}""")]
    [InlineData("""{"app":{"forgottenBelow":0,"runs":[[1]]}}""")]
    [InlineData("""{"app":[]}""")]
    public async Task Damage_is_told(string text)
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema);
        await CommitAsync(table, new DomainMetadata(TransactionGaps.Domain, text));
        table.Invoking(static t => TransactionGaps.Of(t.CurrentSnapshot, App)).Should().Throw<CorruptTableException>().Which.ErrorCode.Should().Be(ErrorCodes.CorruptLog);
    }

    private static async Task CommitAsync(DeltaTable table, DomainMetadata domain) => await table.CommitAsync(
        (_, _) => Task.FromResult<CommitPlan?>(new() { Actions = [domain], Info = new CommitInfo { Operation = "MANUAL" } }), CancellationToken.None);
}
