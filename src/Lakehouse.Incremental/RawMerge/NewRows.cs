using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Writing;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Makes the rows that clauses update or insert, complete and in the types of the table.</summary>
/// <param name="table">The table, for messages.</param>
/// <param name="after">The table with the columns it will have.</param>
/// <param name="now">The time that defaults may ask for.</param>
internal sealed class NewRows(string table, Snapshot after, DateTimeOffset now)
{
    private readonly RowRules _rules = RowRules.Of(after);

    /// <summary>Rows with new values in some columns; generated columns follow unless they are given.</summary>
    public RecordBatch Update(BoundClause clause, RecordBatch before, JoinedRows rows)
    {
        Schema given = new([.. clause.Values.Select(value => after.Schema.GetFieldByIndex(value.Column))], null);
        RecordBatch values = BatchConformer.Conform([Values(clause, rows)], given, table)[0];
        IArrowArray[] columns = [.. before.Arrays];
        for (int i = 0; i < clause.Values.Count; i++)
        {
            columns[clause.Values[i].Column] = values.Column(i);
        }

        RecordBatch updated = new(after.Schema, columns, before.Length);
        foreach (GeneratedColumn column in _rules.Generated.Where(g => clause.Values.All(value => value.Column != g.Position)))
        {
            columns[column.Position] = column.Value.Evaluate(updated);
        }

        return new RecordBatch(after.Schema, columns, before.Length);
    }

    /// <summary>New rows, those of one clause after the other; columns without a value are filled as the table says.</summary>
    public (IReadOnlyList<RecordBatch> Rows, IReadOnlyDictionary<int, long> Marks) Insert(IReadOnlyList<(BoundClause Clause, JoinedRows Rows)> parts)
    {
        RecordBatch[] values = [.. parts.Select(part => Values(part.Clause, part.Rows))];
        ColumnFiller filler = new(_rules, values, now, table);
        return (BatchConformer.Conform(values, after.Schema, table, filler), filler.Marks);
    }

    private RecordBatch Values(BoundClause clause, JoinedRows rows)
    {
        List<Field> fields = [];
        List<IArrowArray> columns = [];
        foreach ((int column, BoundExpression value) in clause.Values)
        {
            IArrowArray array = rows.Count == 0
                ? NullArrays.Create(Delta.Schemas.ArrowSchemas.ToArrow(value.Type), 0)
                : rows.Evaluate(value);
            fields.Add(new Field(after.Schema.GetFieldByIndex(column).Name, array.Data.DataType, true));
            columns.Add(array);
        }

        return new RecordBatch(new Schema(fields, null), columns, rows.Count);
    }
}
