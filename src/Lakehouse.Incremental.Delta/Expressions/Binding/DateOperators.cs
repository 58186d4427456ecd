using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Syntax;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>Sums and differences of dates, timestamps, days and intervals.</summary>
internal static class DateOperators
{
    /// <summary><c>date + days</c> and <c>date - days</c>.</summary>
    public static BoundNode Arithmetic(string operation, BoundNode left, BoundNode right)
    {
        if (operation == "+" && right.Type == PrimitiveType.Date)
        {
            (left, right) = (right, left);
        }

        if (operation is "+" or "-" && left.Type == PrimitiveType.Date && (SqlTypes.IsIntegral(right.Type) || right.Type == PrimitiveType.Void))
        {
            return AddDays(left, right, operation == "+" ? 1 : -1);
        }

        throw ExpressionErrors.Unsupported($"{SqlTypes.Name(left.Type)} {operation} {SqlTypes.Name(right.Type)}");
    }

    public static BoundNode AddDays(BoundNode date, BoundNode days, int sign)
    {
        BoundNode[] arguments = [Coercion.Implicit(date, PrimitiveType.Date, "date_add"), Coercion.Implicit(days, PrimitiveType.Integer, "date_add")];
        return new BoundCall(PrimitiveType.Date, arguments, (values, scope) => RowsKernel.Map<int, int, int>(
            SqlTypes.Arrow(PrimitiveType.Date), values[0], values[1], scope, (day, count) => DateMath.AddDays(day, (long)count * sign)));
    }

    /// <summary>A date or timestamp plus or minus an interval. A date stays one when the interval is of whole days or months.</summary>
    public static BoundNode Add(BoundNode node, IntervalNode interval, int sign)
    {
        node = node.Type == PrimitiveType.String || node.Type == PrimitiveType.Void ? Coercion.Cast(node, PrimitiveType.Timestamp) : node;
        int months = interval.Months * sign;
        if (node.Type == PrimitiveType.Date && interval.Micros % DateText.MicrosPerDay == 0)
        {
            long days = interval.Micros / DateText.MicrosPerDay * sign;
            return new BoundCall(PrimitiveType.Date, [node], (values, scope) => RowsKernel.Map<int, int>(
                SqlTypes.Arrow(PrimitiveType.Date), values[0], scope, day => months != 0 ? DateMath.AddMonths(day, months)
                    : DateMath.AddDays(day, days)));
        }

        node = node.Type == PrimitiveType.Date ? Coercion.Cast(node, PrimitiveType.Timestamp) : node;
        if (!SqlTypes.IsTimestamp(node.Type))
        {
            throw ExpressionErrors.Invalid($"an interval cannot be added to {SqlTypes.Name(node.Type)}");
        }

        DataType type = node.Type;
        Int128 micros = (Int128)interval.Micros * sign;
        return new BoundCall(type, [node], (values, scope) => RowsKernel.Map<long, long>(
            SqlTypes.Arrow(type), values[0], scope, moment => months != 0 ? DateMath.AddMonthsToMicros(moment, months)
                : DateMath.Micros(moment + micros)));
    }
}
