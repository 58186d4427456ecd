using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Laws.Tests.Vectors;

namespace Lakehouse.Incremental.Laws.Tests.ModelTests;

/// <summary>The reference model itself, without any engine: what is measured against must be right first.</summary>
public sealed class ReferenceModelTests
{
    private const int MaxOrders = 120;

    public static TheoryData<string> Vectors => [.. GoldenVectorSet.All.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_model_gives_the_tables_of_a_golden_vector_in_every_order(string name)
    {
        GoldenVector vector = GoldenVectorSet.Named(name);
        ReferenceModel model = new(vector.Layout, AnyDigest);
        foreach (int[] order in Deliveries.Permutations(vector.Events.Length).Take(MaxOrders))
        {
            Event[] events = [.. order.Select(i => vector.Events[i]), .. vector.Events];
            if (vector.Latest is not null)
            {
                Texts.Of(model.Latest(events)).Should().Equal(Texts.Of(vector.Latest));
            }

            if (vector.History is not null)
            {
                Texts.Of(model.History(events)).Should().Equal(Texts.Of(vector.History));
            }
        }
    }

    [Fact]
    public void Order_and_repetition_of_events_do_not_matter_to_the_model() =>
        Cases.Check(Histories.Any.SelectMany(h => Delivery.Batched(h.Events), (h, other) => (h, other)), 2000, c =>
        {
            ReferenceModel model = new(c.h.Layout, AnyDigest);
            Event[] delivered = [.. c.other.SelectMany(b => b)];
            Texts.Of(model.Latest(delivered)).Should().Equal(Texts.Of(model.Latest(c.h.Events)));
            Texts.Of(model.History(delivered)).Should().Equal(Texts.Of(model.History(c.h.Events)));
            return Task.CompletedTask;
        });

    [Fact]
    public void The_current_periods_are_the_latest_rows() => Cases.Check(Histories.OfBothTypes, 2000, h =>
    {
        ReferenceModel model = new(h.Layout, AnyDigest);
        IEnumerable<LatestRow> current = model.History(h.Events).Where(p => p.IsCurrent).Select(p => new LatestRow(p.Row, p.IsDeleted ? p.Start : null));
        Texts.Of(current).Should().Equal(Texts.Of(model.Latest(h.Events)));
        return Task.CompletedTask;
    });

    /// <summary>Semantics 2.12 says it without any timeline: the row lives if its greatest event is no cut, and each cell is what was last set after the last cut.</summary>
    [Fact]
    public void Each_cell_of_the_latest_rows_is_what_was_set_last_since_the_last_cut() => Cases.Check(Histories.OfBothTypes, 2000, h =>
    {
        Layout layout = h.Layout with { Deletes = DeleteRule.Hard };
        Event[] events = [.. h.Events.Select(e => e with { FormerKey = null })];
        EventOrder order = new(layout, AnyDigest);
        Event[] cuts = [.. events.Where(e => e.Kind == EventKind.Truncate)];
        List<object?[]> rows = [];
        foreach (List<Event> ofKey in Grouping.By(events.Where(e => e.Kind != EventKind.Truncate), e => e.Key))
        {
            Event[] life = [.. ofKey.Concat(cuts).Order(order).Reverse().TakeWhile(e => !e.IsCut)];
            if (life.Length > 0)
            {
                rows.Add([.. Enumerable.Range(0, layout.Columns.Length).Select(i => life.Select(e => e.Row[i]).FirstOrDefault(cell => cell is not Unset))]);
            }
        }

        Texts.Of(new ReferenceModel(layout with { IgnoreNulls = [] }, AnyDigest).Latest(events)).Should().Equal(Texts.Of(rows.Select(r => new LatestRow(r))));
        return Task.CompletedTask;
    });

    [Fact]
    public void Periods_of_a_key_have_a_width_and_do_not_overlap() => Cases.Check(Histories.OfType2, 2000, h =>
    {
        IReadOnlyList<Period> periods = new ReferenceModel(h.Layout, AnyDigest).History(h.Events);
        int keys = h.Layout.Keys.Length;
        foreach (Period period in periods)
        {
            IEnumerable<Period> ofKey = periods.Where(p => Canonical.Equal(p.Row[..keys], period.Row[..keys]));
            Period[] later = [.. ofKey.Where(p => Canonical.Compare(p.Start, period.Start) > 0)];
            if (period.End is not { } end)
            {
                later.Should().BeEmpty("nothing follows what is current");
                continue;
            }

            Canonical.Compare(period.Start, end).Should().BeNegative();
            Array.TrueForAll(later, p => Canonical.Compare(p.Start, end) >= 0).Should().BeTrue();
        }

        return Task.CompletedTask;
    });

    [Fact]
    public void A_tie_between_upserts_goes_to_the_greater_digest()
    {
        Event[] tie = [Event.Upsert(["k"], [1L], "x", 1L), Event.Upsert(["k"], [1L], "y", 1L)];

        Latest(e => (string)e.Values[0]! == "x" ? 2u : 1u).Should().Be("x");
        Latest(e => (string)e.Values[0]! == "x" ? 1u : 2u).Should().Be("y");

        object? Latest(Func<Event, UInt128> digest) => new ReferenceModel(WholeRowVectors.Named, e => (digest(e), UInt128.Zero)).Latest(tie).Single().Row[2];
    }

    /// <summary>Total over rows, which is all the rule asks of a digest.</summary>
    private static (UInt128 Cells, UInt128 Former) AnyDigest(Event e) =>
        (Canonical.Text(e.Row).Aggregate((UInt128)7, (hash, c) => unchecked((hash * 1_000_003) + c)), UInt128.Zero);
}
