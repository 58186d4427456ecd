using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Laws.Tests.Vectors;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>The golden vectors of the semantics (section 2.44) about what a table remembers beside its rows, and about repairs.</summary>
public sealed class GoldenVectorsOfTheTable
{
    private static readonly Layout Counted = new(
        [new Column("group", ColumnType.Text), new Column("k", ColumnType.Long)],
        [new Column("s", ColumnType.Long)],
        [new Column("price", ColumnType.Double)],
        [true]);

    [Fact]
    public void G14_null_empty_and_blank_differ_and_null_is_absence_in_the_digest_of_data()
    {
        UInt128[] texts = Digest(["a", "b"], ["x", "x", "x"], ["", " ", null]);
        UInt128 without = Digest(["a"], ["x"])[0];

        texts.Distinct().Should().HaveCount(3);
        texts[2].Should().Be(without);

        static UInt128[] Digest(string[] names, params string?[][] columns) => RowDigest.Compute(
            new Apache.Arrow.RecordBatch(
                new Apache.Arrow.Schema([.. names.Select(n => new Apache.Arrow.Field(n, Apache.Arrow.Types.StringType.Default, nullable: true))], null),
                columns.Select(c => ArrowColumns.ToArray(ColumnType.Text, c)),
                columns[0].Length),
            [.. Enumerable.Range(0, names.Length)],
            DigestDomain.Data);
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task G16_a_number_stands_for_one_content(ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(new History(WholeRowVectors.Named, new Wire(Presence.Whole), []), new TableShape(), scdType);
        Event[] events = [WholeRowVectors.Upsert(10, "A"), WholeRowVectors.Upsert(20, "B")];

        (await engine.DeliverAsync(events, number: 0)).AlreadyApplied.Should().BeFalse();
        (await engine.DeliverAsync([events[1], events[0]], number: 0)).AlreadyApplied.Should().BeTrue("the content of a batch has no order");
        Func<Task> other = () => engine.DeliverAsync([WholeRowVectors.Upsert(10, "A")], number: 0);

        (await other.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.BatchContentMismatch);
        await engine.SilverMustHoldAsync(events);
    }

    /// <summary>The horizon is advanced at any time after the delete; the late event comes alone or with others.</summary>
    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task G19_an_event_before_the_horizon_of_a_vanished_key_is_too_late(ScdType scdType)
    {
        Event[] vanished = [WholeRowVectors.Upsert(10, "A"), WholeRowVectors.Delete(50)];
        Event late = WholeRowVectors.Upsert(90, "late");
        Event after = Event.Upsert(["other"], [100L], "B", null);
        foreach (Event[][] batches in (Event[][][])[[[late]], [[late], [late, after]], [[after, late]], [[after], [late], [late]]])
        {
            EngineUnderTest engine = await EngineUnderTest.OpenAsync(
                new History(WholeRowVectors.Named, new Wire(Presence.Whole), []), new TableShape { Quarantine = true }, scdType);
            await engine.DeliverAsync(vanished);
            await engine.Flow.AdvanceHorizonAsync(engine.Silver, [100L]);
            foreach (Event[] batch in batches)
            {
                await engine.DeliverAsync(batch);
            }

            (await engine.QuarantineAsync()).Distinct().Should().Equal([engine.QuarantineLine(late, ErrorCodes.TooLate, "")], "a copy for each time it was staged");
            await engine.SilverMustHoldAsync([.. vanished, .. batches.SelectMany(b => b).Where(e => e != late)]);
        }
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task G30_one_missing_one_extra_one_changed_are_found_and_repaired(ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(new History(Counted, new Wire(Presence.Whole), []), new TableShape(), scdType);
        Event[] events = [.. Enumerable.Range(0, 4).Select(i => Event.Upsert(["g", (long)i], [1L], i * 1.5))];
        await engine.DeliverAsync(events);
        int price = engine.Silver.CurrentSnapshot.Schema.GetFieldIndex("price");
        await ForeignWriter.AppendCopyAsync(engine.Silver, row: 0, "k", ColumnType.Long, 9L);
        await ForeignWriter.DamageAsync(engine.Silver, [new Damage(DamageKind.Alter, 1, price, 2), new Damage(DamageKind.Remove, 3, 0, 0)]);

        ReconcileOptions repair = new() { Mode = ReconcileMode.Repair };
        ReconcileReport found = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver, repair);
        ReconcileReport again = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver, repair);

        (found.Missing, found.Extra, found.Different).Should().Be((1, 1, 1));
        found.RepairVersion.Should().NotBeNull();
        again.IsClean.Should().BeTrue(again.ToString());
        await engine.SilverMustHoldAsync(events, "it was repaired");
    }
}
