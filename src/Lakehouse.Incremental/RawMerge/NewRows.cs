using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Writing;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Makes the values that clauses update and the rows they insert, in the types of the table.</summary>
/// <param name="table">The table, for messages.</param>
/// <param name="after">The table with the columns it will have.</param>
/// <param name="now">The time that defaults may ask for.</param>
internal sealed class NewRows(string table, Snapshot after, DateTimeOffset now)
{
    // Below that a thread more costs more than it saves.
    private const int ManyRows = 1 << 16;

    private readonly RowRules _rules = RowRules.Of(after);

    /// <summary>The columns that follow from others when a clause updates, unless it gives them.</summary>
    public static IEnumerable<GeneratedColumn> Derived(BoundClause clause, RowRules rules) => clause.Values.Count == 0
        ? []
        : rules.Generated.Where(generated => clause.Values.All(value => value.Column != generated.Position));

    /// <summary>New values of rows by the position of their column; null for columns that keep theirs.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="threads">How many threads may work for it.</param>
    public IArrowArray?[] Update(BoundClause clause, JoinedRows rows, int threads)
    {
        if (threads > 1 && rows.Count >= ManyRows)
        {
            rows.Prepare([.. clause.Values.Select(static value => value.Value.Column).OfType<int>().Where(column => !rows.IsTarget(column)).Distinct()], threads);
        }

        Schema given = new([.. clause.Values.Select(value => after.Schema.GetFieldByIndex(value.Column))], null);
        RecordBatch values = Values(clause, rows);

        // What fits as it is was made for these rows and need not be copied again.
        values = Fits(values, given) ? values : BatchConformer.Conform([values], given, table)[0];
        IArrowArray?[] columns = new IArrowArray?[after.Schema.FieldsList.Count];
        for (int i = 0; i < clause.Values.Count; i++)
        {
            columns[clause.Values[i].Column] = values.Column(i);
        }

        GeneratedColumn[] derived = [.. Derived(clause, _rules)];
        if (derived.Length > 0)
        {
            RecordBatch inputs = Inputs(derived, columns, rows);
            foreach (GeneratedColumn column in derived)
            {
                columns[column.Position] = column.Value.Evaluate(inputs);
            }
        }

        return columns;
    }

    /// <summary>New rows, those of one clause after the other; columns without a value are filled as the table says.</summary>
    public (IReadOnlyList<RecordBatch> Rows, IReadOnlyDictionary<int, long> Marks) Insert(IReadOnlyList<(BoundClause Clause, JoinedRows Rows)> parts)
    {
        RecordBatch[] values = [.. parts.Select(part => Values(part.Clause, part.Rows))];
        ColumnFiller filler = new(_rules, values, now, table);
        return (BatchConformer.Conform(values, after.Schema, table, filler), filler.Marks);
    }

    // Columns that nothing follows from only have to be there.
    private RecordBatch Inputs(GeneratedColumn[] derived, IArrowArray?[] given, JoinedRows rows)
    {
        IArrowArray[] columns = [.. given.Select(column => column ?? new NullArray(rows.Count))];
        foreach (int position in derived.SelectMany(static column => column.Value.Columns).Distinct().Where(position => given[position] is null))
        {
            columns[position] = rows.TargetColumn(position);
        }

        return new RecordBatch(after.Schema, columns, rows.Count);
    }

    private static bool Fits(RecordBatch values, Schema given)
    {
        for (int i = 0; i < values.ColumnCount; i++)
        {
            Field field = given.GetFieldByIndex(i);
            if (!IsSame(values.Column(i).Data.DataType, field.DataType) || NullCheck.CountForbidden(values.Column(i), field) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSame(IArrowType value, IArrowType column) => (value, column) switch
    {
        (NestedType, _) => false,
        (Decimal128Type x, Decimal128Type y) => x.Precision == y.Precision && x.Scale == y.Scale,
        (TimestampType x, TimestampType y) => x.Unit == y.Unit && string.Equals(x.Timezone, y.Timezone, StringComparison.Ordinal),
        _ => value.TypeId == column.TypeId,
    };

    private RecordBatch Values(BoundClause clause, JoinedRows rows)
    {
        List<Field> fields = [];
        List<IArrowArray> columns = [];
        foreach ((int column, BoundExpression value) in clause.Values)
        {
            IArrowArray array = rows.Count == 0
                ? Columnar.NullArrays.Create(Delta.Schemas.ArrowSchemas.ToArrow(value.Type), 0)
                : rows.Evaluate(value);
            fields.Add(new Field(after.Schema.GetFieldByIndex(column).Name, array.Data.DataType, true));
            columns.Add(array);
        }

        return new RecordBatch(new Schema(fields, null), columns, rows.Count);
    }
}
