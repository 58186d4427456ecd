using Lakehouse.Incremental.Laws.Tests.Model;
using static Lakehouse.Incremental.Laws.Tests.Vectors.WholeRowVectors;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>Vectors that are about histories only: rows that hold from another time on than their sequence, and untracked columns in all versions.</summary>
internal static class TimeVectors
{
    private static readonly Layout ByDay = Named with { Effective = [new Column("day", ColumnType.Integer)] };

    public static IReadOnlyList<GoldenVector> All { get; } =
    [
        new(
            "A_later_event_for_the_same_time_is_a_correction",
            ByDay,
            [At(1, 100, "A"), At(2, 101, "B"), At(1, 102, "C")],
            null,
            [Dated(1, 2, 102, "C"), Dated(2, null, 101, "B")]),
        new(
            "A_cut_for_the_same_time_takes_the_row_back",
            ByDay,
            [At(1, 100, "A"), At(2, 101, "B"), Event.Delete(["k"], [2, 102L], null, null)],
            null,
            [Dated(1, 2, 100, "A")]),
        new(
            "An_older_cut_for_the_same_time_ends_what_was_before",
            ByDay,
            [At(1, 100, "A"), At(2, 103, "A"), Event.Delete(["k"], [2, 102L], null, null)],
            null,
            [Dated(1, 2, 100, "A"), Dated(2, null, 103, "A")]),
        new(
            "Untracked_values_are_the_latest_in_all_versions",
            Named with { AllVersions = true },
            [Upsert(10, "A", 1), Upsert(20, "B", 2), Delete(30), Upsert(40, "C", 3), Upsert(50, "C", 4)],
            [Row(50, "C", 4)],
            [Shown(10, 20, 10, "A", 4), Shown(20, 30, 20, "B", 4), Shown(40, null, 50, "C", 4)]),
        new(
            "Untracked_values_of_a_deleted_key_are_those_of_its_last_row",
            Named with { AllVersions = true },
            [Upsert(10, "A", 1), Upsert(20, "B", 2), Delete(30)],
            [],
            [Shown(10, 20, 10, "A", 2), Shown(20, 30, 20, "B", 2)]),
    ];

    private static Event At(int day, long sequence, string name) => Event.Upsert(["k"], [day, sequence], name, null);

    private static Period Dated(int start, int? end, long sequence, string name) =>
        new(["k", start, sequence, name, null], [start], end is { } e ? [e] : null);
}
