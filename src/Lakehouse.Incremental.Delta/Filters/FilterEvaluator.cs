using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>Evaluates a filter on rows, a column at a time.</summary>
internal static class FilterEvaluator
{
    /// <summary>The rows for which the filter is true.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: a column is missing, or a literal does not fit.</exception>
    public static bool[] Evaluate(Filter filter, RecordBatch batch)
    {
        bool[] keep = new bool[batch.Length];
        Evaluate(filter, batch, keep);
        return keep;
    }

    /// <summary>Marks the rows for which the filter is true, and only those.</summary>
    public static void Evaluate(Filter filter, RecordBatch batch, Span<bool> keep)
    {
        Truth[] truth = Truths(filter, batch);
        for (int row = 0; row < truth.Length; row++)
        {
            keep[row] = truth[row] == Truth.True;
        }
    }

    /// <summary>The column of a filter.</summary>
    public static int Position(Schema schema, string name)
    {
        int position = schema.PositionOf(name);
        return position >= 0 ? position : throw new LakehouseException(ErrorCodes.SchemaMismatch, $"The filter speaks of a column {name}, which does not exist.");
    }

    private static Truth[] Truths(Filter filter, RecordBatch batch) => filter switch
    {
        JunctionFilter junction => Join(Truths(junction.Left, batch), Truths(junction.Right, batch), junction.IsAnd ? Truth.False : Truth.True),
        NotFilter not => Negate(Truths(not.Inner, batch)),
        NullFilter isNull => Nulls(batch.Column(Position(batch.Schema, isNull.Name))),
        ComparisonFilter comparison => Compare(comparison, batch),
        _ => throw new ArgumentException("unknown filter", nameof(filter)),
    };

    private static Truth[] Join(Truth[] left, Truth[] right, Truth dominant)
    {
        for (int row = 0; row < left.Length; row++)
        {
            left[row] = left[row] == dominant || right[row] == dominant ? dominant
                : left[row] == Truth.Unknown || right[row] == Truth.Unknown ? Truth.Unknown
                : left[row];
        }

        return left;
    }

    private static Truth[] Negate(Truth[] values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = values[row] switch
            {
                Truth.True => Truth.False,
                Truth.False => Truth.True,
                _ => Truth.Unknown,
            };
        }

        return values;
    }

    private static Truth[] Nulls(IArrowArray column)
    {
        Truth[] values = new Truth[column.Length];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = column.IsNull(row) ? Truth.True : Truth.False;
        }

        return values;
    }

    private static Truth[] Compare(ComparisonFilter filter, RecordBatch batch)
    {
        int position = Position(batch.Schema, filter.Name);
        Field field = batch.Schema.GetFieldByIndex(position);
        IArrowArray column = batch.Column(position);
        Truth[] values = new Truth[batch.Length];

        // Literal and values meet in the canonical type of the column.
        Field canonical = new(field.Name, Schemas.ArrowSchemas.ToArrow(Schemas.ArrowSchemas.ToDelta(new Schema([field], null))).GetFieldByIndex(0).DataType, true);
        byte[]? literal = FilterLiteral.Encode(filter.Literal, canonical);
        if (literal is null)
        {
            System.Array.Fill(values, Truth.Unknown);
            return values;
        }

        IArrowArray comparable = TypesEqual(field, canonical) ? column : LosslessCast.Cast(column, canonical.DataType).Array;
        EncodedRows encoded = new RowEncoder([canonical.DataType]).Encode(new RecordBatch(new Schema([canonical], null), [comparable], batch.Length), [0]);
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = comparable.IsNull(row) ? Truth.Unknown
                : ComparisonFilter.Holds(filter.Comparison, encoded[row].SequenceCompareTo(literal)) ? Truth.True : Truth.False;
        }

        return values;
    }

    private static bool TypesEqual(Field a, Field b) => a.DataType.TypeId == b.DataType.TypeId
        && (a.DataType is not Apache.Arrow.Types.TimestampType t || t.Unit == Apache.Arrow.Types.TimeUnit.Microsecond);
}
