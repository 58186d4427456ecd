using System.Text;
using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>A set of events, one way to deliver it (any batches, any order, some of them again), and how the tables are kept.</summary>
/// <param name="History">The events and the rules.</param>
/// <param name="Shape">How the tables are kept.</param>
/// <param name="Batches">The deliveries.</param>
/// <param name="Upkeeps">What is done after each of them; those there is no entry for are followed by nothing.</param>
internal sealed record Delivery(History History, TableShape Shape, Event[][] Batches, Upkeep[] Upkeeps) : IReducible<Delivery>
{
    private const int LastUpkeep = (int)Upkeep.NoMoreDeletionVectors;

    public static Gen<Delivery> Any { get; } = Histories.Any.SelectMany(Of);

    public static Gen<Delivery> OfType1 { get; } = Histories.OfType1.SelectMany(Of);

    public static Gen<Delivery> OfType2 { get; } = Histories.OfType2.SelectMany(Of);

    public static Gen<Delivery> OfChangingKeys { get; } = Histories.OfChangingKeys.SelectMany(Of);

    /// <summary>A way to deliver the events of a history.</summary>
    public static Gen<Delivery> Of(History history) =>
        from shape in TableShape.Any
        from batches in Batched(history.Events)
        from upkeeps in Gen.Int[0, 2].SelectMany(chance => chance < 2 ? Gen.Const(Array.Empty<int>()) : Gen.Int[0, LastUpkeep].Array[0, batches.Length])
        select new Delivery(history, Fitting(shape, history), Agreeing(history.Wire, batches), [.. upkeeps.Select(u => (Upkeep)u)]);

    /// <summary>A way to deliver events.</summary>
    public static Gen<Event[][]> Batched(Event[] events) =>
        from again in Gen.Int[0, events.Length - 1].Array[0, 4]
        from order in Gen.Shuffle(Enumerable.Range(0, events.Length).Concat(again).ToArray())
        from cuts in Gen.Int[0, order.Length].Array[0, 3]
        select Cut([.. order.Select(i => events[i])], cuts);

    /// <summary>The same through a staging table, into a table that has all columns from the beginning.</summary>
    public Delivery Staged() => this with
    {
        Shape = Shape with { Staged = true },
        History = History with { Wire = History.Wire with { LateValue = null } },
    };

    /// <summary>The same with a quarantine, which keeps an event as it was written down: that does not depend on the other events of its batch.</summary>
    public Delivery Quarantined() => this with
    {
        Shape = Shape with { Quarantine = true },
        History = History with { Wire = History.Wire with { OmitsColumns = false, LateValue = null } },
    };

    public IEnumerable<Delivery> Smaller() =>
    [
        .. Shape.Smaller().Select(s => this with { Shape = s }),
        .. Enumerable.Range(0, Upkeeps.Length).Where(i => Upkeeps[i] != Upkeep.None)
            .Select(i => this with { Upkeeps = [.. Upkeeps.Select((u, at) => at == i ? Upkeep.None : u)] }),
        .. Enumerable.Range(0, Batches.Length).Where(_ => Batches.Length > 1)
            .Select(i => WithBatches([.. Batches.Where((_, at) => at != i)], [.. Upkeeps.Where((_, at) => at != i)])),
        .. from i in Enumerable.Range(0, Batches.Length)
           from j in Enumerable.Range(0, Batches[i].Length)
           where Batches[i].Length > 1
           select WithBatches([.. Batches.Select((b, at) => at == i ? [.. b[..j], .. b[(j + 1)..]] : b)], Upkeeps),
    ];

    private Delivery WithBatches(Event[][] batches, Upkeep[] upkeeps) =>
        this with { Batches = batches, Upkeeps = upkeeps, History = History with { Events = [.. batches.SelectMany(b => b)] } };

    public Upkeep UpkeepAfter(int batch) => batch < Upkeeps.Length ? Upkeeps[batch] : Upkeep.None;

    /// <summary>The batches as C#.</summary>
    public override string ToString() => $"{Shape}\n{History.Wire}\n{History.Layout}\n{Script(Batches, Upkeeps)}";

    public static string Script(Event[][] batches, params Upkeep[] upkeeps)
    {
        StringBuilder text = new();
        for (int i = 0; i < batches.Length; i++)
        {
            string then = i < upkeeps.Length && upkeeps[i] != Upkeep.None ? $" // then {upkeeps[i]}" : "";
            text.Append($"[ // batch {i}\n{string.Join('\n', batches[i].Select(e => $"    {e},"))}\n],{then}\n");
        }

        return text.ToString();
    }

    /// <summary>Delta keeps no empty text in a partition column, and no bytes that are not ASCII or other text. A column that has some does not partition, nor does a struct.</summary>
    private static TableShape Fitting(TableShape shape, History history)
    {
        int? column = shape.PartitionBy % history.Layout.Columns.Length;
        bool fits = column is { } c && history.Layout.PathOf(history.Layout.Columns[c]) == history.Layout.Columns[c].Name && c - history.Layout.FirstValue != history.Wire.LateValue
            && !Array.Exists(history.Events, e => e.Row[c] is "" or byte[] { Length: 0 } || (e.Row[c] is byte[] bytes && !Ascii.IsValid(bytes)));
        return shape with { PartitionBy = fits ? column : null };
    }

    /// <summary>Where absent columns say what is not set, the events of a batch must agree on it.</summary>
    public static Event[][] Agreeing(Wire wire, Event[][] batches) => wire.Presence != Presence.Absent
        ? batches
        : [.. batches.SelectMany(b => b.GroupBy(e => string.Concat(e.Values.Select(v => v is Unset ? '-' : '+'))).Select(g => g.ToArray()))];

    private static Event[][] Cut(Event[] order, int[] cuts)
    {
        int[] borders = [0, .. cuts.Order(), order.Length];
        return [.. borders.Zip(borders.Skip(1), (from, to) => order[from..to]).Where(b => b.Length > 0)];
    }
}
