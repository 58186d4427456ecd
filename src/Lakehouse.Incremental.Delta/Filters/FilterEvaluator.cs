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
        InFilter list => Contains(list, batch),
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
        (Field field, IArrowArray column) = Canonical(batch, filter.Name);
        Truth[] values = new Truth[batch.Length];
        byte[]? literal = FilterLiteral.Encode(filter.Literal, field);
        if (literal is null)
        {
            System.Array.Fill(values, Truth.Unknown);
            return values;
        }

        EncodedRows encoded = Encode(field, column);
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = column.IsNull(row) ? Truth.Unknown
                : ComparisonFilter.Holds(filter.Comparison, encoded[row].SequenceCompareTo(literal)) ? Truth.True : Truth.False;
        }

        return values;
    }

    private static Truth[] Contains(InFilter filter, RecordBatch batch)
    {
        (Field field, IArrowArray column) = Canonical(batch, filter.Name);
        LiteralSet literals = new(filter, field);
        HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> lookup = literals.Lookup;
        Truth absent = literals.HasNull ? Truth.Unknown : Truth.False;
        EncodedRows encoded = Encode(field, column);
        Truth[] values = new Truth[batch.Length];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = column.IsNull(row) ? Truth.Unknown : lookup.Contains(encoded[row]) ? Truth.True : absent;
        }

        return values;
    }

    /// <summary>A column in its canonical type, in which literals and values meet.</summary>
    private static (Field Field, IArrowArray Column) Canonical(RecordBatch batch, string name)
    {
        int position = Position(batch.Schema, name);
        Field field = batch.Schema.GetFieldByIndex(position);
        Field canonical = new(name, ArrowSchemas.ToArrow(ArrowSchemas.ToDelta(new Schema([field], null))).GetFieldByIndex(0).DataType, true);
        IArrowArray column = batch.Column(position);
        return (canonical, TypesEqual(field, canonical) ? column : LosslessCast.Cast(column, canonical.DataType).Array);
    }

    private static EncodedRows Encode(Field field, IArrowArray column) =>
        new RowEncoder([field.DataType]).Encode(new RecordBatch(new Schema([field], null), [column], column.Length), [0]);

    private static bool TypesEqual(Field a, Field b) => a.DataType.TypeId == b.DataType.TypeId
        && (a.DataType is not Apache.Arrow.Types.TimestampType t || t.Unit == Apache.Arrow.Types.TimeUnit.Microsecond);
}
