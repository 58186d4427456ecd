using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>A set of events, one way to deliver it (any batches, any order, some of them again), and how the tables are kept.</summary>
internal sealed record Delivery(History History, TableShape Shape, Event[][] Batches)
{
    public static Gen<Delivery> Any { get; } = History.Any.SelectMany(Of);

    /// <summary>A way to deliver the events of a history.</summary>
    public static Gen<Delivery> Of(History history) =>
        from shape in TableShape.Any
        from batches in Batched(history.Events)
        select new Delivery(history, WithPartition(shape, history), batches);

    /// <summary>A way to deliver events.</summary>
    public static Gen<Event[][]> Batched(Event[] events) =>
        from again in Gen.Int[0, events.Length - 1].Array[0, 6]
        from order in Gen.Shuffle(Enumerable.Range(0, events.Length).Concat(again).ToArray())
        from cuts in Gen.Int[0, order.Length].Array[0, 5]
        select Cut([.. order.Select(i => events[i])], cuts);

    /// <summary>The batches as C#.</summary>
    public override string ToString() => $"{Shape}\n{History.Layout}\n{Script(Batches)}";

    public static string Script(Event[][] batches) =>
        string.Join('\n', batches.Select((b, i) => $"[ // batch {i}\n{string.Join('\n', b.Select(e => $"    {e},"))}\n],"));

    /// <summary>Delta keeps no empty text in a partition column, and no bytes that are not ASCII or other text. A column that has some does not partition.</summary>
    private static TableShape WithPartition(TableShape shape, History history)
    {
        int? column = shape.PartitionBy % history.Layout.Columns.Count;
        bool fits = column is { } c && !Array.Exists(history.Events, e => e.Row[c] is "" or byte[] { Length: 0 } || (e.Row[c] is byte[] bytes && !System.Text.Ascii.IsValid(bytes)));
        return shape with { PartitionBy = fits ? column : null };
    }

    private static Event[][] Cut(Event[] order, int[] cuts)
    {
        int[] borders = [0, .. cuts.Order(), order.Length];
        return [.. borders.Zip(borders.Skip(1), (from, to) => order[from..to]).Where(b => b.Length > 0)];
    }
}
