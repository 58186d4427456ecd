using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Expressions.Values;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>Applies a function to the rows that are active and in which no argument is null; the others are null.</summary>
internal static class RowsKernel
{
    public static IArrowArray Map<TA, TR>(IArrowType type, SqlVector a, EvaluationScope scope, Func<TA, Maybe<TR>> function)
    {
        Cells<TA> x = new(a);
        return Each(type, Validity.Of(a, scope.Rows), scope, row => function(x[row]));
    }

    public static IArrowArray Map<TA, TB, TR>(IArrowType type, SqlVector a, SqlVector b, EvaluationScope scope, Func<TA, TB, Maybe<TR>> function)
    {
        (Cells<TA> x, Cells<TB> y) = (new(a), new(b));
        return Each(type, Validity.Of([a, b], scope.Rows), scope, row => function(x[row], y[row]));
    }

    public static IArrowArray Map<TA, TB, TC, TR>(
        IArrowType type, SqlVector a, SqlVector b, SqlVector c, EvaluationScope scope, Func<TA, TB, TC, Maybe<TR>> function)
    {
        (Cells<TA> x, Cells<TB> y, Cells<TC> z) = (new(a), new(b), new(c));
        return Each(type, Validity.Of([a, b, c], scope.Rows), scope, row => function(x[row], y[row], z[row]));
    }

    public static IArrowArray Each<TR>(IArrowType type, byte[]? validity, EvaluationScope scope, Func<int, Maybe<TR>> function)
    {
        int rows = scope.Rows;
        TR[] results = new TR[rows];
        for (int row = 0; row < rows; row++)
        {
            if (!Validity.IsValid(validity, row))
            {
                continue;
            }

            Maybe<TR> result = scope.IsActive(row) ? function(row) : Maybe<TR>.Null;
            if (result.HasValue)
            {
                results[row] = result.Value;
            }
            else
            {
                Validity.Clear(ref validity, row, rows);
            }
        }

        return Arrays.Of(type, results, validity);
    }
}
