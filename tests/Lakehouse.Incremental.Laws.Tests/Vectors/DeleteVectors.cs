using Lakehouse.Incremental.Laws.Tests.Model;
using static Lakehouse.Incremental.Laws.Tests.Vectors.WholeRowVectors;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>Vectors about truncates and about what deletes do.</summary>
internal static class DeleteVectors
{
    private static readonly Layout Soft = Named with { Deletes = DeleteRule.Soft };

    public static IReadOnlyList<GoldenVector> All { get; } =
    [
        new(
            "G18_a_truncate_holds_for_what_comes_later",
            Named,
            [Event.Truncate([null], [50L], null, null), Event.Upsert(["k1"], [40L], "A", null), Event.Upsert(["k2"], [60L], "B", null)],
            [new LatestRow(["k2", 60L, "B", null])],
            [new Period(["k1", 40L, "A", null], [40L], [50L]), new Period(["k2", 60L, "B", null], [60L], null)]),
        new(
            "A_truncate_and_an_upsert_at_one_place_begin_a_new_life",
            Named,
            [Upsert(10, "A"), Event.Truncate(["other"], [20L], "x", null), Upsert(20, "A")],
            [Row(20, "A")],
            [Shown(10, 20, 10, "A"), Shown(20, null, 20, "A")]),
        new(
            "G4_a_delete_that_wins_ties_stands_after_the_upsert",
            Named with { DeleteWinsTies = true },
            [Upsert(10, "A"), Delete(20), Upsert(20, "B")],
            [],
            [Shown(10, 20, 10, "A")]),
        new(
            "A_soft_delete_shows_the_last_row_with_a_mark",
            Soft,
            [Upsert(10, "A", 1), Delete(20), Delete(25)],
            [Row(10, "A", 1, deletedAt: 20)],
            [Shown(10, 20, 10, "A", 1), Shown(20, null, 10, "A", 1, isDeleted: true)]),
        new(
            "A_row_that_was_softly_deleted_is_revived",
            Soft,
            [Upsert(10, "A"), Delete(20), Upsert(30, "A")],
            [Row(30, "A")],
            [Shown(10, 20, 10, "A"), Shown(20, 30, 10, "A", isDeleted: true), Shown(30, null, 30, "A")]),
        new(
            "A_late_soft_delete_takes_the_mark_to_an_earlier_place",
            Soft,
            [Upsert(10, "A"), Delete(30), Delete(20)],
            [Row(10, "A", deletedAt: 20)],
            [Shown(10, 20, 10, "A"), Shown(20, null, 10, "A", isDeleted: true)]),
        new(
            "A_soft_delete_and_an_upsert_at_one_place_leave_no_mark",
            Soft,
            [Upsert(10, "A"), Delete(20), Upsert(20, "B")],
            [Row(20, "B")],
            [Shown(10, 20, 10, "A"), Shown(20, null, 20, "B")]),
        new("A_soft_delete_of_nothing_marks_nothing", Soft, [Delete(20), Upsert(20, "A"), Delete(10)], [Row(20, "A")], [Shown(20, null, 20, "A")]),
        new(
            "A_truncate_marks_rows_where_deletes_are_soft",
            Soft,
            [Upsert(10, "A"), Event.Truncate([null], [20L], null, null)],
            [Row(10, "A", deletedAt: 20)],
            [Shown(10, 20, 10, "A"), Shown(20, null, 10, "A", isDeleted: true)]),
        new(
            "A_row_that_is_softly_deleted_where_it_begins_is_the_last_that_was_known",
            Soft with { DeleteWinsTies = true },
            [Upsert(10, "A"), Upsert(20, "B"), Delete(20)],
            [Row(20, "B", deletedAt: 20)],
            [Shown(10, 20, 10, "A"), Shown(20, null, 20, "B", isDeleted: true)]),
        new(
            "A_delete_that_is_ignored_leaves_the_row",
            Named with { Deletes = DeleteRule.Ignore },
            [Upsert(10, "A"), Delete(20), Upsert(30, "A"), Delete(40)],
            [Row(30, "A")],
            [Shown(10, null, 30, "A")]),
    ];
}
