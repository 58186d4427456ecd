using CsCheck;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>
/// Batches under numbers, delivered in any order with repeats where gaps are allowed (semantics 2.5), come to State(config, their events): each number is applied once and known
/// from then on by its content, whoever brought it and whatever crashed.
/// </summary>
public sealed class Law10_NumberedBatchesComeInAnyOrder
{
    private const int Processes = 3;

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public void Each_number_is_applied_once(ScdType scdType) => Cases.Check(NumberedDelivery.Of(OfType(scdType)), CaseNumbers.Numbered, async c =>
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(c.Delivery.History, c.Delivery.Shape, scdType);
        HashSet<int> applied = [];
        for (int i = 0; i < c.Order.Length; i++)
        {
            int batch = c.Order[i];
            MergeResult result = await DeliverAsync(engine, c, batch);
            result.AlreadyApplied.Should().Be(!applied.Add(batch));
            await engine.KeepUpAsync(c.Delivery.UpkeepAfter(i));
        }

        await engine.SilverMustHoldAsync(c.Delivery.History.Events);
        await EachIsKnownByItsContentAsync(engine, c);
    });

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public void Processes_that_bring_the_same_numbers_at_once(ScdType scdType) => Cases.Check(NumberedDelivery.Of(OfType(scdType)), CaseNumbers.NumberedConcurrent, async c =>
    {
        Func<string, ITableStorage> disks = EngineUnderTest.Memory();
        await OpenAsync(c, scdType, disks);
        int applied = 0;
        await Task.WhenAll(Enumerable.Range(0, Processes).Select(process => Task.Run(async () =>
        {
            EngineUnderTest engine = await OpenAsync(c, scdType, disks);
            int from = process * c.Order.Length / Processes;
            foreach (int batch in (int[])[.. c.Order[from..], .. c.Order[..from]])
            {
                MergeResult result = await DeliverAsync(engine, c, batch);
                Interlocked.Add(ref applied, result.AlreadyApplied ? 0 : 1);
            }
        })));

        EngineUnderTest reader = await OpenAsync(c, scdType, disks);
        await reader.SilverMustHoldAsync(c.Delivery.History.Events);
        applied.Should().Be(c.Delivery.Batches.Length);
    });

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public void A_process_that_crashed_begins_again(ScdType scdType) => Cases.Check(Crashing(scdType), CaseNumbers.NumberedCrashed, async crashing =>
    {
        NumberedDelivery c = crashing.Numbered;
        Func<string, ITableStorage> disks = EngineUnderTest.Memory();
        CrashPoint point = new(crashing.At, crashing.AfterEffect, countReads: true);
        try
        {
            await RunAsync(c, scdType, name => new CrashingStorage(disks(name), point));
        }
        catch (CrashException)
        {
            // The next process has only what is stored.
        }

        EngineUnderTest survivor = await RunAsync(c, scdType, disks);
        await survivor.SilverMustHoldAsync(c.Delivery.History.Events);
        await EachIsKnownByItsContentAsync(survivor, c);
    });

    private static Gen<Case> Crashing(ScdType scdType) =>
        from numbered in NumberedDelivery.Of(OfType(scdType))
        from at in Gen.Int[0, 20 + (12 * numbered.Delivery.Batches.Length)]
        from afterEffect in Gen.Bool
        select new Case(numbered, at, afterEffect);

    private static Gen<Delivery> OfType(ScdType scdType) => scdType == ScdType.Type1 ? Delivery.OfType1 : Delivery.OfType2;

    private static async Task<EngineUnderTest> OpenAsync(NumberedDelivery c, ScdType scdType, Func<string, ITableStorage> disks)
    {
        EngineUnderTest engine = new(c.Delivery.History, c.Delivery.Shape, scdType, disks);
        await engine.ReopenAsync();
        return engine;
    }

    private static async Task<EngineUnderTest> RunAsync(NumberedDelivery c, ScdType scdType, Func<string, ITableStorage> disks)
    {
        EngineUnderTest engine = await OpenAsync(c, scdType, disks);
        foreach (int batch in c.Order)
        {
            await DeliverAsync(engine, c, batch);
        }

        return engine;
    }

    private static Task<MergeResult> DeliverAsync(EngineUnderTest engine, NumberedDelivery c, int batch) =>
        engine.DeliverAsync(c.Delivery.Batches[batch], (long)batch * c.Stride);

    private static async Task EachIsKnownByItsContentAsync(EngineUnderTest engine, NumberedDelivery c)
    {
        for (int batch = 0; batch < c.Delivery.Batches.Length; batch++)
        {
            (await DeliverAsync(engine, c, batch)).AlreadyApplied.Should().BeTrue();
            Event[] other = [.. c.Delivery.Batches[batch], c.Delivery.Batches[batch][0]];
            LakehouseException error = (await FluentActions.Awaiting(() => engine.DeliverAsync(other, (long)batch * c.Stride)).Should().ThrowAsync<LakehouseException>()).Which;
            error.ErrorCode.Should().Be(ErrorCodes.BatchContentMismatch);
        }
    }

    /// <summary>At which step of the storage the first process ends.</summary>
    private sealed record Case(NumberedDelivery Numbered, int At, bool AfterEffect) : IReducible<Case>
    {
        public IEnumerable<Case> Smaller() => Numbered.Smaller().Select(n => this with { Numbered = n });

        public override string ToString() => $"{Numbered}\ncrashes {(AfterEffect ? "after" : "before")} step {At}";
    }
}
