using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Laws.Tests.Vectors;

namespace Lakehouse.Incremental.Laws.Tests.ModelTests;

/// <summary>The reference model itself, without any engine: what is measured against must be right first.</summary>
public sealed class ReferenceModelTests
{
    public static TheoryData<string> Vectors => [.. GoldenVectorSet.All.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_model_gives_the_tables_of_a_golden_vector_in_every_order(string name)
    {
        GoldenVector vector = GoldenVectorSet.All.Single(v => v.Name == name);
        ReferenceModel model = new(vector.Layout, AnyDigest);
        foreach (int[] order in Deliveries.Permutations(vector.Events.Length))
        {
            Event[] events = [.. order.Select(i => vector.Events[i])];
            Texts.Of(model.Latest(events)).Should().Equal(Texts.Of(vector.Latest));
            Texts.Of(model.History(events)).Should().Equal(Texts.Of(vector.History));
        }
    }

    [Fact]
    public void Order_and_repetition_of_events_do_not_matter_to_the_model() =>
        Cases.Check(History.Any.SelectMany(h => Delivery.Batched(h.Events), (h, other) => (h, other)), 500, c =>
        {
            ReferenceModel model = new(c.h.Layout, AnyDigest);
            Event[] delivered = [.. c.other.SelectMany(b => b)];
            Texts.Of(model.Latest(delivered)).Should().Equal(Texts.Of(model.Latest(c.h.Events)));
            Texts.Of(model.History(delivered)).Should().Equal(Texts.Of(model.History(c.h.Events)));
            return Task.CompletedTask;
        });

    [Fact]
    public void The_current_periods_are_the_latest_rows() => Cases.Check(History.Any, 500, h =>
    {
        ReferenceModel model = new(h.Layout, AnyDigest);
        IEnumerable<object?[]> current = model.History(h.Events).Where(p => p.IsCurrent).Select(p => p.Row);
        Texts.Of(current).Should().Equal(Texts.Of(model.Latest(h.Events)));
        return Task.CompletedTask;
    });

    [Fact]
    public void Periods_of_a_key_have_a_width_and_do_not_overlap() => Cases.Check(History.Any, 500, h =>
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
        Layout layout = GoldenVectorSet.All[0].Layout;
        Event[] tie = [Event.Upsert(["k"], [1L], "x", 1L), Event.Upsert(["k"], [1L], "y", 1L)];

        new ReferenceModel(layout, e => (string)e.Values[0]! == "x" ? 2u : 1u).Latest(tie).Should().ContainSingle().Which[2].Should().Be("x");
        new ReferenceModel(layout, e => (string)e.Values[0]! == "x" ? 1u : 2u).Latest(tie).Should().ContainSingle().Which[2].Should().Be("y");
    }

    /// <summary>Total over rows, which is all the rule asks of a digest.</summary>
    private static UInt128 AnyDigest(Event e) => Canonical.Text(e.Row).Aggregate((UInt128)7, (hash, c) => unchecked((hash * 1_000_003) + c));
}
