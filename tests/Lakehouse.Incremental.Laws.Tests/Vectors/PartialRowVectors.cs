using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>The golden vectors of semantics 2.44 about rows that set some of their cells.</summary>
internal static class PartialRowVectors
{
    private static readonly Unset None = Unset.Cell;

    /// <summary>Two texts, both tracked.</summary>
    public static Layout Pair { get; } = new(
        [new Column("k", ColumnType.Text)],
        [new Column("s", ColumnType.Long)],
        [new Column("a", ColumnType.Text), new Column("b", ColumnType.Text)],
        [true, true]);

    public static IReadOnlyList<GoldenVector> All { get; } =
    [
        Of(
            "G1_each_cell_has_its_clock",
            [Upsert(999, "11", None), Upsert(1001, None, "n"), Upsert(1000, "10", None)],
            [Row(1001, "10", "n")],
            [Shown(999, 1000, "11", null), Shown(1000, 1001, "10", null), Shown(1001, null, "10", "n")]),
        Of(
            "G9_a_late_cell_is_inherited_by_what_follows",
            [Upsert(10, "1", "1"), Upsert(30, None, "2"), Upsert(20, "5", None)],
            [Row(30, "5", "2")],
            [Shown(10, 20, "1", "1"), Shown(20, 30, "5", "1"), Shown(30, null, "5", "2")]),
        Of(
            "G10_a_delete_says_null_of_every_cell",
            [Upsert(10, "1", "1"), Event.Delete(["k"], [20L], None, None), Upsert(30, "2", None)],
            [Row(30, "2", null)],
            [Shown(10, 20, "1", "1"), Shown(30, null, "2", null)]),
        Of(
            "G11_an_older_row_fills_what_a_newer_one_left_open",
            [Upsert(30, "2", None), Upsert(10, "1", "1")],
            [Row(30, "2", "1")],
            [Shown(10, 30, "1", "1"), Shown(30, null, "2", "1")]),
        Of(
            "G12_an_unavailable_value_keeps_the_old_one",
            [Upsert(1, "small", "large"), Upsert(2, "changed", None)],
            [Row(2, "changed", "large")],
            [Shown(1, 2, "small", "large"), Shown(2, null, "changed", "large")]),
        Of(
            "G14_a_cell_that_nobody_set_is_null",
            [Upsert(10, None, "1"), Upsert(20, null, "1")],
            [Row(20, null, "1")],
            [new Period(["k", 20L, null, "1"], [10L], null)]),
        Of(
            "Two_partial_rows_at_one_place_both_count",
            [Upsert(10, "1", None), Upsert(10, None, "2")],
            [Row(10, "1", "2")],
            [Shown(10, null, "1", "2")]),
        Of(
            "A_delete_and_a_partial_row_at_one_place_begin_a_new_life",
            [Upsert(10, "1", "1"), Event.Delete(["k"], [20L], "1", "1"), Upsert(20, None, "2")],
            [Row(20, null, "2")],
            [Shown(10, 20, "1", "1"), Shown(20, null, null, "2")]),
        Of(
            "An_event_that_sets_nothing_is_a_sign_of_life",
            [Upsert(20, None, None), Upsert(10, "1", "1")],
            [Row(20, "1", "1")],
            [new Period(["k", 20L, "1", "1"], [10L], null)]),
        Of(
            "A_null_that_is_said_is_not_a_cell_that_is_not_set",
            [Upsert(10, "1", "1"), Upsert(20, null, None), Upsert(30, None, null)],
            [Row(30, null, null)],
            [Shown(10, 20, "1", "1"), Shown(20, 30, null, "1"), Shown(30, null, null, null)]),
        new GoldenVector(
            "A_null_that_is_ignored_is_a_cell_that_is_not_set",
            Pair with { IgnoreNulls = [1] },
            [Upsert(10, "1", "1"), Upsert(20, null, null)],
            [Row(20, null, "1")],
            [Shown(10, 20, "1", "1"), Shown(20, null, null, "1")]),
    ];

    private static Event Upsert(long sequence, object? a, object? b) => Event.Upsert(["k"], [sequence], a, b);

    private static LatestRow Row(long sequence, string? a, string? b) => new(["k", sequence, a, b]);

    private static Period Shown(long start, long? end, string? a, string? b) => new(["k", start, a, b], [start], end is { } e ? [e] : null);

    private static GoldenVector Of(string name, Event[] events, LatestRow[] latest, Period[] history) => new(name, Pair, events, latest, history);
}
