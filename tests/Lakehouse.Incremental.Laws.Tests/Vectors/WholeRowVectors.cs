using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>The golden vectors of semantics 2.44 about whole rows, written out by hand.</summary>
internal static class WholeRowVectors
{
    /// <summary>A name that is tracked and a note that is not.</summary>
    public static Layout Named { get; } = new(
        [new Column("k", ColumnType.Text)],
        [new Column("s", ColumnType.Long)],
        [new Column("name", ColumnType.Text), new Column("note", ColumnType.Long)],
        [true, false]);

    public static IReadOnlyList<GoldenVector> All { get; } =
    [
        Of(
            "G2_a_late_event_splits_a_run",
            [Upsert(5, "Alice"), Upsert(10, "Alice"), Upsert(15, "Alice"), Upsert(20, "Charlie"), Upsert(12, "Bob")],
            [Row(20, "Charlie")],
            [Shown(5, 12, 10, "Alice"), Shown(12, 15, 12, "Bob"), Shown(15, 20, 15, "Alice"), Shown(20, null, 20, "Charlie")]),
        Of("G3_a_late_upsert_does_not_revive_a_deleted_key", [Delete(20), Upsert(10, "A")], [], [Shown(10, 20, 10, "A")]),
        Of("G4_at_one_sequence_an_upsert_stands_after_a_delete", [Delete(20), Upsert(20, "A")], [Row(20, "A")], [Shown(20, null, 20, "A")]),
        Of(
            "G4_at_one_sequence_a_delete_and_an_upsert_leave_no_gap",
            [Upsert(10, "A"), Delete(20), Upsert(20, "A")],
            [Row(20, "A")],
            [Shown(10, 20, 10, "A"), Shown(20, null, 20, "A")]),
        Of(
            "G5_an_unchanged_later_event_outranks_a_late_one",
            [Upsert(10, "A"), Upsert(30, "A"), Upsert(20, "B")],
            [Row(30, "A")],
            [Shown(10, 20, 10, "A"), Shown(20, 30, 20, "B"), Shown(30, null, 30, "A")]),
        Of("G6_a_life_ends_at_a_delete_even_if_the_next_is_the_same", Lives, [Row(30, "A")], TwoLives),
        Of("G7_a_late_delete_cuts_what_looked_like_one_run", [Lives[0], Lives[2], Lives[1]], [Row(30, "A")], TwoLives),
        Of("G8_a_delete_may_come_before_all_it_deletes", [Lives[1], Lives[0], Lives[2]], [Row(30, "A")], TwoLives),
        new GoldenVector(
            "G13_keys_of_several_columns_are_not_glued_together",
            Named with { Keys = [new Column("k", ColumnType.Text), new Column("part", ColumnType.Text)] },
            [
                Event.Upsert(["doc-7", "12"], [1L], "a", null), Event.Upsert(["doc-71", "2"], [1L], "b", null), Event.Delete(["doc-7", "12"], [2L], null, null),
            ],
            [new LatestRow(["doc-71", "2", 1L, "b", null])],
            [new Period(["doc-7", "12", 1L, "a", null], [1L], [2L]), new Period(["doc-71", "2", 1L, "b", null], [1L], null)]),
        Of(
            "G14_null_empty_and_blank_are_three_values",
            [Upsert(10, ""), Upsert(20, " "), Upsert(30, null), Upsert(40, "")],
            [Row(40, "")],
            [Shown(10, 20, 10, ""), Shown(20, 30, 20, " "), Shown(30, 40, 30, null), Shown(40, null, 40, "")]),
        new GoldenVector(
            "G15_the_zeros_are_one_key_and_the_NaNs_are_one_key",
            Named with { Keys = [new Column("k", ColumnType.Double)] },
            [
                Event.Upsert([-0.0], [1L], "zero", null), Event.Upsert([0.0], [2L], "zero", null),
                Event.Upsert([NaN(1)], [1L], "NaN", null), Event.Upsert([NaN(2)], [2L], "NaN", null),
            ],
            [new LatestRow([0.0, 2L, "zero", null]), new LatestRow([double.NaN, 2L, "NaN", null])],
            [new Period([0.0, 2L, "zero", null], [1L], null), new Period([double.NaN, 2L, "NaN", null], [1L], null)]),
        Of(
            "G25_a_change_of_an_untracked_column_stays_in_its_run",
            [Upsert(10, "A", 1), Upsert(15, "A", 2)],
            [Row(15, "A", 2)],
            [Shown(10, null, 15, "A", 2)]),
        Of("Deletes_alone_leave_nothing", [Delete(10), Delete(20), Delete(10)], [], []),
        Of(
            "A_repeated_event_counts_once",
            [Upsert(1, "A"), Upsert(2, "A"), Upsert(2, "A"), Delete(3)],
            [],
            [Shown(1, 3, 2, "A")]),
        Of(
            "A_row_of_a_snapshot_is_overtaken_by_any_change_at_its_place",
            [Event.Read(["k"], [10L], "read", null), Upsert(10, "A"), Event.Read(["k"], [20L], "read", 7L), Delete(20)],
            [],
            [Shown(10, 20, 10, "A")]),
    ];

    public static Event Upsert(long sequence, string? name, long? note = null) => Event.Upsert(["k"], [sequence], name, note);

    public static Event Delete(long sequence) => Event.Delete(["k"], [sequence], null, null);

    public static LatestRow Row(long sequence, string? name, long? note = null, long? deletedAt = null) =>
        new(["k", sequence, name, note], deletedAt is { } at ? [at] : null);

    public static Period Shown(long start, long? end, long last, string? name, long? note = null, bool isDeleted = false) =>
        new(["k", last, name, note], [start], end is { } e ? [e] : null, isDeleted);

    private static Event[] Lives => [Upsert(10, "A"), Delete(20), Upsert(30, "A")];

    private static Period[] TwoLives => [Shown(10, 20, 10, "A"), Shown(30, null, 30, "A")];

    private static GoldenVector Of(string name, Event[] events, LatestRow[] latest, Period[] history) => new(name, Named, events, latest, history);

    private static double NaN(long payload) => BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000 | payload);
}
