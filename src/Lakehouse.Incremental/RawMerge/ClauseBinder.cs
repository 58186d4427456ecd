using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Resolves conditions and values of clauses, and checks that they say enough about the columns of the table.</summary>
/// <param name="table">The table, for messages.</param>
/// <param name="after">The table with the columns it will have.</param>
/// <param name="source">The columns of the source.</param>
/// <param name="sides">The columns that expressions see.</param>
/// <param name="evolves">Whether columns may be missing in the source.</param>
internal sealed class ClauseBinder(string table, Snapshot after, StructType source, ColumnSides sides, bool evolves)
{
    private readonly RowRules _rules = RowRules.Of(after);

    public BoundClause Bind(MergeClause clause)
    {
        BoundExpression? condition = clause.Condition is null ? null : Resolve(clause, clause.Condition).BindCondition(sides.Schema);
        List<(int Column, BoundExpression Value)> values = [];
        if (clause.IsAll)
        {
            values.AddRange(All(clause.Action));
        }

        foreach ((string column, string expression) in clause.Assignments ?? [])
        {
            int position = Target(column);
            if (values.Exists(value => value.Column == position))
            {
                throw new LakehouseException(
                    ErrorCodes.InvalidConfiguration, $"The merge into '{table}' sets the column '{column}' twice in one clause.") { Table = table };
            }

            values.Add((position, Resolve(clause, expression).BindAssignment(sides.Schema, after.DeltaSchema.Fields[position].Type)));
        }

        CheckWhole(clause, values);
        CheckIdentity(clause, values);
        return new BoundClause(clause, condition, values);
    }

    private SqlExpression Resolve(MergeClause clause, string sql) => sides.Resolve(SqlExpression.Parse(sql), clause.SeesTarget, clause.SeesSource);

    private IEnumerable<(int Column, BoundExpression Value)> All(MergeAction action)
    {
        IReadOnlyList<StructField> fields = after.DeltaSchema.Fields;
        List<string> missing = [];
        for (int column = 0; column < fields.Count; column++)
        {
            int position = source.Find(fields[column].Name);
            if (position >= 0)
            {
                yield return (column, sides.SourceColumn(position));
            }
            else if (!evolves && !IsFilled(column, action))
            {
                missing.Add(fields[column].Name);
            }
        }

        if (missing.Count > 0)
        {
            string names = string.Join(", ", missing.Select(static name => $"'{name}'"));
            throw new LakehouseException(
                ErrorCodes.SchemaMismatch,
                $"The source of the merge into '{table}' lacks the columns {names}, which a clause takes from it: name the columns to set, or allow "
                + "the schema to evolve. Nothing was written.")
            {
                Table = table,
                Count = missing.Count,
            };
        }
    }

    private bool IsFilled(int column, MergeAction action) =>
        _rules.Generated.Any(generated => generated.Position == column)
        || _rules.Identities.Any(identity => identity.Position == column)
        || (action == MergeAction.Insert && _rules.Defaults.Any(given => given.Position == column));

    private int Target(string column) => after.DeltaSchema.Find(column) is >= 0 and int position ? position
        : throw new LakehouseException(
            ErrorCodes.SchemaMismatch, $"The merge sets a column '{column}', which '{table}' does not have. Nothing was written.") { Table = table };

    // A struct replaces another one as a whole: a field it lacks would become null in rows that have a value there.
    private void CheckWhole(MergeClause clause, List<(int Column, BoundExpression Value)> values)
    {
        string[] lacking =
        [
            .. values.Where(_ => clause.Action == MergeAction.Update).SelectMany(value =>
                Lacking(after.DeltaSchema.Fields[value.Column].Type, value.Value.Type, after.DeltaSchema.Fields[value.Column].Name)),
        ];
        if (lacking.Length > 0)
        {
            string names = string.Join(", ", lacking.Select(static name => $"'{name}'"));
            throw new LakehouseException(
                ErrorCodes.SchemaMismatch,
                $"The merge into '{table}' would lose the values of {names}, which the new values of their column do not have. Nothing was written.")
            {
                Table = table,
                Count = lacking.Length,
            };
        }
    }

    private static IEnumerable<string> Lacking(DataType target, DataType value, string path) => (target, value) switch
    {
        (StructType wanted, StructType given) => wanted.Fields.SelectMany(field => given.IndexOf(field.Name) is >= 0 and int position
            ? Lacking(field.Type, given.Fields[position].Type, $"{path}.{field.Name}")
            : [$"{path}.{field.Name}"]),
        (ArrayType wanted, ArrayType given) => Lacking(wanted.ElementType, given.ElementType, path + ".element"),
        (MapType wanted, MapType given) => Lacking(wanted.ValueType, given.ValueType, path + ".value"),
        _ => [],
    };

    // Numbers of new rows are the business of what fills them; those of rows that are there never change.
    private void CheckIdentity(MergeClause clause, List<(int Column, BoundExpression Value)> values)
    {
        IdentityColumn? identity = clause.Action == MergeAction.Insert ? null
            : _rules.Identities.FirstOrDefault(column => !column.AllowsExplicit && values.Exists(value => value.Column == column.Position));
        if (identity is not null)
        {
            throw RowRules.GivenIdentity(identity, table);
        }
    }
}
