using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>Vectors about keys that become others (semantics 2.32). What an event does not tell only a history can know.</summary>
internal static class KeyChangeVectors
{
    private static readonly Unset None = Unset.Cell;

    private static readonly Layout Changing = PartialRowVectors.Pair with { ChangesKeys = true };

    public static IReadOnlyList<GoldenVector> All { get; } =
    [
        new(
            "G24_a_changed_key_that_is_told_whole_is_a_delete_and_an_upsert",
            Changing,
            [Upsert("k1", 10, "1", "1"), Change("k1", "k2", 20, "2", "2")],
            [new LatestRow(["k2", 20L, "2", "2"])],
            [Shown("k1", 10, 20, "1", "1"), Shown("k2", 20, null, "2", "2")]),
        OfHistory(
            "G24_a_changed_key_carries_the_cells_it_does_not_set",
            [Upsert("k1", 10, "1", "1"), Change("k1", "k2", 20, "2", None)],
            [Shown("k1", 10, 20, "1", "1"), Shown("k2", 20, null, "2", "1")]),
        OfHistory(
            "A_late_event_of_the_former_key_reaches_the_new_one",
            [Upsert("k1", 10, "1", "1"), Change("k1", "k2", 20, None, None), Upsert("k1", 15, "5", None)],
            [Shown("k1", 10, 15, "1", "1"), Shown("k1", 15, 20, "5", "1"), Shown("k2", 20, null, "5", "1")]),
        OfHistory(
            "Cells_are_carried_along_a_chain_of_keys",
            [Upsert("k1", 10, "1", "1"), Change("k1", "k2", 20, "2", None), Change("k2", "k3", 30, None, None)],
            [Shown("k1", 10, 20, "1", "1"), Shown("k2", 20, 30, "2", "1"), Shown("k3", 30, null, "2", "1")]),
        OfHistory(
            "Keys_that_change_places_carry_what_was_before",
            [Upsert("k1", 10, "1", "1"), Upsert("k2", 10, "2", "2"), Change("k1", "k2", 20, None, None), Change("k2", "k1", 20, None, None)],
            [Shown("k1", 10, 20, "1", "1"), Shown("k2", 10, 20, "2", "2"), Shown("k2", 20, null, "1", "1"), Shown("k1", 20, null, "2", "2")]),
        OfHistory(
            "A_key_that_becomes_another_and_back_carries_its_own_cells",
            [Upsert("k1", 10, "1", "1"), Change("k1", "k2", 20, "2", None), Change("k2", "k1", 30, None, None)],
            [Shown("k1", 10, 20, "1", "1"), Shown("k2", 20, 30, "2", "1"), Shown("k1", 30, null, "2", "1")]),
        OfHistory(
            "Where_the_former_key_shows_nothing_the_rest_is_null",
            [Upsert("k2", 10, "2", "2"), Change("k1", "k2", 20, "3", None), Event.Delete(["k1"], [15L], None, None), Upsert("k1", 12, "1", "1")],
            [Shown("k1", 12, 15, "1", "1"), Shown("k2", 10, 20, "2", "2"), Shown("k2", 20, null, "3", null)]),
    ];

    private static Event Upsert(string key, long sequence, object? a, object? b) => Event.Upsert([key], [sequence], a, b);

    private static Event Change(string former, string key, long sequence, object? a, object? b) => Upsert(key, sequence, a, b) with { FormerKey = [former] };

    private static Period Shown(string key, long start, long? end, string? a, string? b) => new([key, start, a, b], [start], end is { } e ? [e] : null);

    private static GoldenVector OfHistory(string name, Event[] events, Period[] history) => new(name, Changing, events, null, history);
}
