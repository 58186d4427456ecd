using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>What a merge changes about the columns of its target: those that its clauses take from the source as they are.</summary>
internal static class SchemaEvolution
{
    /// <inheritdoc cref="SchemaGrowth.Of" path="/exception"/>
    public static SchemaGrowth Of(DeltaTable table, Snapshot snapshot, MergeDefinition definition, StructType source) =>
        SchemaGrowth.Of(table, snapshot, former => definition.EvolvesSchema ? Grown(former, table.Storage.Name, definition, source) : former);

    private static Definition Grown(Definition former, string table, MergeDefinition definition, StructType source)
    {
        ColumnSides sides = new(former.Schema, source);
        Definition grown = former;
        foreach (StructField field in source.Fields)
        {
            int position = former.Schema.Find(field.Name);
            if (position >= 0 && definition.Clauses.Any(clause => Takes(clause, field.Name, sides)))
            {
                grown = SchemaGrowth.Hold(grown, former.Schema.Fields[position], field.Type, table);
            }
            else if (position < 0 && definition.Clauses.Any(clause => clause.IsAll || Assignments(clause, field.Name).Any()))
            {
                grown = SchemaGrowth.Add(grown, field);
            }
        }

        return grown;
    }

    // Whether a column gets the values of the source column of its name as they are. What is calculated has to fit the column that there is.
    private static bool Takes(MergeClause clause, string column, ColumnSides sides) => clause.IsAll || Assignments(clause, column).Any(
        expression => sides.Resolve(SqlExpression.Parse(expression), clause.SeesTarget, clause.SeesSource).Bind(sides.Schema).Column is { } position
            && !sides.IsTarget(position) && string.Equals(sides.NameOf(position), column, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Assignments(MergeClause clause, string column) => (clause.Assignments ?? [])
        .Where(set => string.Equals(set.Column, column, StringComparison.OrdinalIgnoreCase)).Select(static set => set.Expression);
}
