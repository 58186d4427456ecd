using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>Whatever the history, batches and upkeep: each row of the table is explained, by events that were delivered, and each event has a fate.</summary>
public sealed class ExplainAgreesWithTheTable
{
    private static readonly Schema s_none = new([new Field("none", StringType.Default, true)], null);

    [Fact]
    public void Of_type1() => Cases.Check(Delivery.OfType1.Select(static d => d.Staged()), 400, static d => Check(d, ScdType.Type1));

    [Fact]
    public void Of_type2() => Cases.Check(Delivery.OfType2.Select(static d => d.Staged()), 400, static d => Check(d, ScdType.Type2));

    [Fact]
    public void Of_batches_that_were_not_staged() => Cases.Check(
        Delivery.OfType2.Select(static d => d with { Shape = d.Shape with { Staged = false } }), 200, static d => Check(d, ScdType.Type2));

    private static async Task Check(Delivery delivery, ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.RunAsync(delivery, scdType);
        StagingTable staging = engine.Staging ?? await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), s_none);
        int rows = 0;
        foreach (object?[] key in delivery.History.Events.Where(static e => e.Kind != EventKind.Truncate).SelectMany(static e => e.ChangesKey ? [e.Key, e.FormerKey!] : new[] { e.Key }).DistinctBy(Canonical.Text))
        {
            KeyExplanation explanation = await engine.Flow.ExplainAsync(staging, engine.Silver, key);
            Check(delivery, key, explanation);
            rows += explanation.Rows.Count;
        }

        rows.Should().Be((await engine.SilverTextsAsync()).Length, "every row of the table is explained");
    }

    private static void Check(Delivery delivery, object?[] key, KeyExplanation explanation)
    {
        string text = explanation.ToString();
        explanation.HasDrift.Should().BeFalse(text);
        ExplainedEvent[] own = [.. explanation.Events.Where(e => e.Key == explanation.Key)];
        explanation.Events.Select(static e => e.Number).Should().Equal(Enumerable.Range(1, explanation.Events.Count));
        foreach (ExplainedRow row in explanation.Rows)
        {
            row.Events.Should().NotBeEmpty(text).And.BeSubsetOf(explanation.Events.Select(static e => e.Number));
            row.Cells.Should().OnlyContain(static c => c.Origin != CellOrigin.Unknown && c.Expected == null);

            // A cell shows what the event that is said to have authored it sets there.
            foreach (ExplainedCell cell in row.Cells.Where(static c => c.Event is not null && c.Origin != CellOrigin.Flow))
            {
                SetCell? set = explanation.Events[cell.Event!.Value - 1].Cells.FirstOrDefault(s => s.Column == cell.Column);
                (set?.Text ?? cell.Text).Should().Be(cell.Text, text);
            }
        }

        int[] shown = [.. explanation.Rows.SelectMany(static r => r.Cells).Where(static c => c.Origin != CellOrigin.Flow && c.Event is not null).Select(static c => c.Event!.Value)];
        explanation.Events.Where(static e => e.Status == EventStatus.Shown).Select(static e => e.Number).Should().BeEquivalentTo(shown.Distinct(), text);
        own.Where(static e => e is { Status: EventStatus.Hidden or EventStatus.Duplicate or EventStatus.Deleted or EventStatus.Ended, By: null }).Should().BeEmpty(text);
        if (delivery.Shape.Staged)
        {
            IEnumerable<Event> all = delivery.Batches.SelectMany(static b => b);
            own.Should().HaveCount(all.Sum(e => (e.Kind == EventKind.Truncate || Canonical.Equal(e.Key, key) ? 1 : 0) + (e.ChangesKey && Canonical.Equal(e.FormerKey!, key) ? 1 : 0)), text);
            own.Where(static e => e.AppliedVersion is null || e.Staged?.Version is null).Should().BeEmpty(text);
            explanation.Rows.Where(static r => r.Version is null).Should().BeEmpty(text);
        }
    }
}
