using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>Functions on numbers. A logarithm of what has none is null.</summary>
internal static class MathFunctions
{
    private static readonly DataType Real = PrimitiveType.Double;

    public static void AddTo(FunctionTable table)
    {
        table.Add("abs", 1, static arguments => Absolute(arguments[0]));
        table.Add<double, double>("sign", Real, Real, static value => double.IsNaN(value) ? double.NaN : Math.Sign(value));
        table.Alias("signum", "sign");
        table.Add<double, double>("sqrt", Real, Real, static value => Math.Sqrt(value));
        table.Add<double, double>("cbrt", Real, Real, static value => Math.Cbrt(value));
        table.Add<double, double>("exp", Real, Real, static value => Math.Exp(value));
        table.Add<double, double, double>("power", Real, Real, Real, static (value, exponent) => Math.Pow(value, exponent));
        table.Alias("pow", "power");
        table.Add<double, double>("ln", Real, Real, static value => value <= 0 ? Maybe<double>.Null : Math.Log(value));
        table.Alias("log", "ln");
        table.Add<double, double>("log10", Real, Real, static value => value <= 0 ? Maybe<double>.Null : Math.Log10(value));
        table.Add<double, double>("log2", Real, Real, static value => value <= 0 ? Maybe<double>.Null : Math.Log2(value));
        table.Add<double, double, double>("log", Real, Real, Real, static (newBase, value) =>
            value <= 0 || newBase <= 0 ? Maybe<double>.Null : Math.Log(value) / Math.Log(newBase));
        table.Add("mod", 2, static arguments => OperatorBinder.Arithmetic("%", arguments[0], arguments[1]));
        table.Add("pmod", 2, static arguments => OperatorBinder.Arithmetic("pmod", arguments[0], arguments[1]));
        table.Add("negative", 1, static arguments => OperatorBinder.Negate(arguments[0]));
    }

    private static BoundNode Absolute(BoundNode argument)
    {
        BoundNode number = OperatorBinder.Number("abs", argument);
        if (SqlTypes.IsFloating(number.Type))
        {
            BoundNode wide = Coercion.Cast(number, Real);
            return Coercion.Cast(
                new BoundCall(Real, [wide], static (values, scope) =>
                    RowsKernel.Map<double, double>(SqlTypes.Arrow(Real), values[0], scope, static value => Math.Abs(value))),
                number.Type);
        }

        if (number.Type is DecimalType type)
        {
            return new BoundCall(type, [number], (values, scope) =>
                RowsKernel.Map<Int128, Int128>(SqlTypes.Arrow(type), values[0], scope, static value => Int128.Abs(value)));
        }

        BoundNode negative = OperatorBinder.Compare(
            Filters.Comparison.LessThan, number, Coercion.Cast(new BoundLiteral((sbyte)0, PrimitiveType.Byte), number.Type));
        return new BoundCase(number.Type, [negative], [OperatorBinder.Negate(number)], number);
    }
}
