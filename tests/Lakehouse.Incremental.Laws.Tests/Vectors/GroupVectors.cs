using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>Vectors about columns with clocks of their own (semantics 2.36): type 1 only.</summary>
internal static class GroupVectors
{
    private static readonly Unset None = Unset.Cell;

    private static readonly Layout Grouped = new(
        [new Column("k", ColumnType.Text)],
        [new Column("s", ColumnType.Long)],
        [new Column("name", ColumnType.Text), new Column("price", ColumnType.Text), new Column("stock", ColumnType.Text), new Column("t", ColumnType.Long)],
        [true, true, true, true])
    {
        Groups = [new ColumnGroup([3], [1, 2])],
    };

    public static IReadOnlyList<GoldenVector> All { get; } =
    [
        Of(
            "A_group_follows_its_own_clock",
            [Upsert(10L, "A", "1", "1", 200L), Upsert(20L, "B", "2", "2", 100L)],
            [Row(20, "B", "1", "1", 200L)]),
        Of(
            "An_event_without_main_sequence_speaks_of_groups_only",
            [Upsert(10L, "A", "1", "1", 100L), Upsert(null, "Z", "2", None, 200L)],
            [Row(10, "A", "2", "1", 200L)]),
        Of("A_group_alone_makes_no_row", [Upsert(null, None, "1", "1", 100L)], []),
        Of(
            "An_event_without_the_clock_of_a_group_does_not_touch_it",
            [Upsert(10L, "A", "1", "1", 100L), Upsert(20L, "B", "2", "2", null), Upsert(30L, "C", "3", "3", None)],
            [Row(30, "C", "1", "1", 100L)]),
        Of("A_group_that_nobody_set_is_null", [Upsert(10L, "A", "1", "1", null)], [Row(10, "A", null, null, null)]),
        Of(
            "A_delete_leaves_groups_as_they_are",
            [Upsert(10L, "A", "1", "1", 100L), Event.Delete(["k"], [20L], "A", "9", "9", 300L), Upsert(30L, "B", None, None, None)],
            [Row(30, "B", "1", "1", 100L)]),
        Of(
            "A_group_waits_for_its_row",
            [Upsert(null, None, "1", "1", 100L), Upsert(10L, "A", None, None, None), Upsert(null, None, "2", None, 90L)],
            [Row(10, "A", "1", "1", 100L)]),
    ];

    private static Event Upsert(long? sequence, object? name, object? price, object? stock, object? clock) =>
        Event.Upsert(["k"], [sequence], name, price, stock, clock);

    private static LatestRow Row(long sequence, string name, string? price, string? stock, long? clock) => new(["k", sequence, name, price, stock, clock]);

    private static GoldenVector Of(string name, Event[] events, LatestRow[] latest) => new(name, Grouped, events, latest, null);
}
