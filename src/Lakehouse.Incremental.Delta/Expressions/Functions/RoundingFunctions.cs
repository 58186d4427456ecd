using System.Numerics;
using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>
/// round (half up), bround (half to even), ceil and floor. The digits of round must be a literal, because the type depends on them.
/// </summary>
internal static class RoundingFunctions
{
    private const int MostDigits = 400;
    private static readonly BoundLiteral NoDigits = new(0, PrimitiveType.Integer);

    public static void AddTo(FunctionTable table)
    {
        table.Add("round", 1, static arguments => Round(arguments[0], NoDigits, toEven: false));
        table.Add("round", 2, static arguments => Round(arguments[0], arguments[1], toEven: false));
        table.Add("bround", 1, static arguments => Round(arguments[0], NoDigits, toEven: true));
        table.Add("bround", 2, static arguments => Round(arguments[0], arguments[1], toEven: true));
        table.Add("ceil", 1, static arguments => Whole(arguments[0], "ceil"));
        table.Alias("ceiling", "ceil");
        table.Add("floor", 1, static arguments => Whole(arguments[0], "floor"));
    }

    private static BoundNode Round(BoundNode argument, BoundNode digitsNode, bool toEven)
    {
        if (digitsNode is not BoundLiteral { Value: int digits })
        {
            throw ExpressionErrors.Unsupported("round to a number of digits that is no literal");
        }

        digits = Math.Clamp(digits, -MostDigits, MostDigits);
        BoundNode number = OperatorBinder.Number("round", argument);
        if (number.Type is DecimalType type)
        {
            DecimalType result = RoundedType(type, digits);
            return new BoundCall(result, [number], (values, scope) => RowsKernel.Map<Int128, Int128>(
                SqlTypes.Arrow(result), values[0], scope, value => DecimalMath.Fit(Rounded(value, type.Scale, digits, toEven), type.Scale, result)
                    ?? throw ExpressionErrors.Overflow($"{NumberText.Format(value, type.Scale)} rounded is no {result}")));
        }

        if (SqlTypes.IsFloating(number.Type))
        {
            return Coercion.Cast(RoundReal(Coercion.Cast(number, PrimitiveType.Double), number.Type, digits, toEven), number.Type);
        }

        if (digits >= 0)
        {
            return number;
        }

        BoundNode wide = Coercion.Cast(number, PrimitiveType.Long);
        return Coercion.Cast(
            new BoundCall(PrimitiveType.Long, [wide], (values, scope) => RowsKernel.Map<long, long>(
                SqlTypes.Arrow(PrimitiveType.Long), values[0], scope, value => Rounded(value, 0, digits, toEven) is var rounded
                    && rounded >= long.MinValue && rounded <= long.MaxValue ? (long)rounded
                        : throw ExpressionErrors.Overflow($"{value} rounded is no bigint"))),
            number.Type);
    }

    // By the digits that are shown: 2.675 is half of a hundredth over 2.67, whatever its binary form.
    private static BoundCall RoundReal(BoundNode number, DataType shown, int digits, bool toEven) => new(
        PrimitiveType.Double, [number], (values, scope) =>
            RowsKernel.Map<double, double>(SqlTypes.Arrow(PrimitiveType.Double), values[0], scope, value =>
        {
            string text = shown == PrimitiveType.Float ? NumberText.Format((float)value) : NumberText.Format(value);
            if (!double.IsFinite(value) || NumberText.ParseDecimal(text) is not { } exact)
            {
                return value;
            }

            BigInteger rounded = Rounded(exact.Unscaled, exact.Scale, digits, toEven);
            return NumberText.ParseDouble(FormattableString.Invariant($"{rounded}E{-exact.Scale}")) ?? value;
        }));

    private static BigInteger Rounded(BigInteger value, int scale, int digits, bool toEven)
    {
        if (digits >= scale)
        {
            return value;
        }

        BigInteger unit = BigInteger.Pow(10, scale - digits);
        BigInteger quotient = BigInteger.DivRem(value, unit, out BigInteger rest);
        int half = (BigInteger.Abs(rest) * 2).CompareTo(unit);
        bool away = half > 0 || (half == 0 && (!toEven || !quotient.IsEven));
        return (away ? quotient + (value.Sign < 0 ? -1 : 1) : quotient) * unit;
    }

    private static DecimalType RoundedType(DecimalType type, int digits)
    {
        int whole = type.Precision - type.Scale + 1;
        if (digits < 0)
        {
            return new DecimalType(Math.Min(Math.Max(whole, 1 - digits), DecimalMath.MaxPrecision), 0);
        }

        int scale = Math.Min(type.Scale, digits);
        return new DecimalType(Math.Min(whole + scale, DecimalMath.MaxPrecision), scale);
    }

    private static BoundNode Whole(BoundNode argument, string name)
    {
        bool up = name == "ceil";
        BoundNode number = OperatorBinder.Number(name, argument);
        if (number.Type is DecimalType type)
        {
            DecimalType result = new(Math.Min(type.Precision - type.Scale + 1, DecimalMath.MaxPrecision), 0);
            return new BoundCall(result, [number], (values, scope) => RowsKernel.Map<Int128, Int128>(
                SqlTypes.Arrow(result), values[0], scope, value => ToWhole(value, DecimalMath.Power(type.Scale), up)));
        }

        if (!SqlTypes.IsFloating(number.Type))
        {
            return Coercion.Cast(number, PrimitiveType.Long);
        }

        BoundNode wide = Coercion.Cast(number, PrimitiveType.Double);
        BoundCall real = new(PrimitiveType.Double, [wide], (values, scope) => RowsKernel.Map<double, double>(
            SqlTypes.Arrow(PrimitiveType.Double), values[0], scope, value => up ? Math.Ceiling(value) : Math.Floor(value)));
        return Coercion.Cast(real, PrimitiveType.Long);
    }

    private static Int128 ToWhole(Int128 value, Int128 unit, bool up)
    {
        (Int128 quotient, Int128 rest) = Int128.DivRem(value, unit);
        return up ? quotient + (rest > 0 ? 1 : 0) : quotient - (rest < 0 ? 1 : 0);
    }
}
