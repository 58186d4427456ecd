using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>A clause of a generated merge.</summary>
/// <param name="Family">As SQL says it after WHEN.</param>
/// <param name="Condition">Null for none.</param>
/// <param name="Assignments">Null for a delete.</param>
/// <param name="IsAll">Whether the assignments are all columns of the source by name.</param>
/// <param name="ScopeKey">The source speaks for rows with this value of k only; null for the whole table.</param>
internal sealed record MergeCaseClause(
    string Family, string? Condition, IReadOnlyList<(string Column, string Value)>? Assignments, bool IsAll = false, string? ScopeKey = null)
{
    public string Duck
    {
        get
        {
            string scope = ScopeKey is null ? "" : $" AND k = '{ScopeKey}'";
            string when = $"WHEN {Family}{scope}{(Condition is null ? "" : $" AND ({Condition})")} THEN ";
            if (Assignments is null)
            {
                return when + "DELETE";
            }

            string columns = string.Join(", ", Assignments.Select(static a => a.Column));
            string values = string.Join(", ", Assignments.Select(static a => a.Value));
            return Family == "NOT MATCHED"
                ? $"{when}INSERT ({columns}) VALUES ({values})"
                : $"{when}UPDATE SET {string.Join(", ", Assignments.Select(static a => $"{a.Column} = {a.Value}"))}";
        }
    }

    public MergeStatement AddTo(MergeStatement merge)
    {
        void Assign(MergeAssignments set)
        {
            foreach ((string column, string value) in Assignments!)
            {
                set.Set(column, value);
            }
        }

        switch (Family)
        {
            case "MATCHED":
                MatchedClause matched = merge.WhenMatched(Condition);
                return Assignments is null ? matched.Delete() : IsAll ? matched.UpdateAll() : matched.Update(Assign);
            case "NOT MATCHED":
                NotMatchedClause notMatched = merge.WhenNotMatched(Condition);
                return IsAll ? notMatched.InsertAll() : notMatched.Insert(Assign);
            default:
                MergeScope scope = ScopeKey is null ? MergeScope.WholeTable : MergeScope.Where(Filter.Column("k").EqualTo(ScopeKey));
                NotMatchedBySourceClause bySource = merge.WhenNotMatchedBySource(scope, Condition);
                return Assignments is null ? bySource.Delete() : bySource.Update(Assign);
        }
    }
}
