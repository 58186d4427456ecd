using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>A statement over the columns of one version and of its source: nothing about it can be wrong any more but rows.</summary>
internal sealed class BoundMerge
{
    private BoundMerge(MergeDefinition definition, ColumnSides sides, JoinCondition on, IReadOnlyList<BoundClause> clauses)
    {
        Definition = definition;
        Sides = sides;
        On = on;
        Matched = [.. clauses.Where(static clause => clause.Clause.Family == MergeFamily.Matched)];
        NotMatched = [.. clauses.Where(static clause => clause.Clause.Family == MergeFamily.NotMatched)];
        NotMatchedBySource = [.. clauses.Where(static clause => clause.Clause.Family == MergeFamily.NotMatchedBySource)];
    }

    public MergeDefinition Definition { get; }

    public ColumnSides Sides { get; }

    public JoinCondition On { get; }

    public IReadOnlyList<BoundClause> Matched { get; }

    public IReadOnlyList<BoundClause> NotMatched { get; }

    public IReadOnlyList<BoundClause> NotMatchedBySource { get; }

    /// <summary>Whether rows of the table may change or leave.</summary>
    public bool ChangesRows => Matched.Count + NotMatchedBySource.Count > 0;

    /// <summary>Whether the values of target rows are needed beyond those they are matched by.</summary>
    public bool ReadsRows => ChangesRows || On.Residual is not null;

    /// <summary>True when a row that several source rows match has one outcome all the same: it goes.</summary>
    public bool MatchesMayRepeat => Matched is [{ Condition: null, Clause.Action: MergeAction.Delete }];

    /// <summary>True when rows of one key all match and each match is taken by a clause, so that the keys tell which rows are ambiguous.</summary>
    public bool TakesEachMatch => On.Residual is null && !MatchesMayRepeat && Matched.Any(static clause => clause.Condition is null);

    /// <summary>True when of the source rows of one key it does not matter which one a target row is paired with.</summary>
    public bool OneMatchTells => On.Residual is null && !Definition.UniqueKeys && (Matched.Count == 0 || MatchesMayRepeat);

    /// <param name="table">The table, for messages.</param>
    /// <param name="definition">The statement.</param>
    /// <param name="columns">How many columns the table has before the merge; expressions see no others of it.</param>
    /// <param name="after">The version that is merged into, with the columns it will have.</param>
    /// <param name="source">The source.</param>
    public static BoundMerge Bind(string table, MergeDefinition definition, int columns, Snapshot after, MergeSource source)
    {
        StructType target = new([.. after.DeltaSchema.Fields.Take(columns)]);
        ColumnSides sides = new(target, source.Schema);
        JoinCondition on = MergeErrors.Within(table, MergeErrors.On, () => JoinCondition.Bind(definition, target, sides, table));
        CheckScopes(definition, ArrowSchemas.ToArrow(target));
        ClauseBinder binder = new(table, after, source.Schema, sides, definition.EvolvesSchema);
        IEnumerable<BoundClause> clauses =
            definition.Clauses.Select(clause => MergeErrors.Within(table, $"'{ExpressionErrors.Quote(clause.When)}'", () => binder.Bind(clause)));
        return new BoundMerge(definition, sides, on, [.. clauses]);
    }

    private static void CheckScopes(MergeDefinition definition, Apache.Arrow.Schema target)
    {
        foreach (string column in definition.Clauses.SelectMany(static clause => clause.Scope?.Filter?.Columns ?? []))
        {
            FilterEvaluator.Position(target, column);
        }
    }
}
