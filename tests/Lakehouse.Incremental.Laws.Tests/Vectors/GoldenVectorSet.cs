using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>The golden vectors of semantics 2.44 about whole rows, written out by hand.</summary>
internal static class GoldenVectorSet
{
    private static readonly Layout Named = new(
        [new Column("k", ColumnType.Text)],
        [new Column("s", ColumnType.Long)],
        [new Column("name", ColumnType.Text), new Column("note", ColumnType.Long)],
        [true, false]);

    private static readonly Layout FloatKey = Named with { Keys = [new Column("k", ColumnType.Double)] };

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
            "G15_the_zeros_are_one_key_and_the_NaNs_are_one_key",
            FloatKey,
            [
                Event.Upsert([-0.0], [1L], "zero", null), Event.Upsert([0.0], [2L], "zero", null),
                Event.Upsert([NaN(1)], [1L], "NaN", null), Event.Upsert([NaN(2)], [2L], "NaN", null),
            ],
            [[0.0, 2L, "zero", null], [double.NaN, 2L, "NaN", null]],
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
    ];

    private static Event[] Lives => [Upsert(10, "A"), Delete(20), Upsert(30, "A")];

    private static Period[] TwoLives => [Shown(10, 20, 10, "A"), Shown(30, null, 30, "A")];

    private static GoldenVector Of(string name, Event[] events, object?[][] latest, Period[] history) => new(name, Named, events, latest, history);

    private static Event Upsert(long sequence, string name, long? note = null) => Event.Upsert(["k"], [sequence], name, note);

    private static Event Delete(long sequence) => Event.Delete(["k"], [sequence], null, null);

    private static object?[] Row(long sequence, string name, long? note = null) => ["k", sequence, name, note];

    private static Period Shown(long start, long? end, long last, string name, long? note = null) =>
        new(Row(last, name, note), [start], end is { } e ? [e] : null);

    private static double NaN(long payload) => BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000 | payload);
}
