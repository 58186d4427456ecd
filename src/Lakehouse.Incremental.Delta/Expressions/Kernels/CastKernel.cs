using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>
/// Casts as Spark does them, in UTC: a text that does not tell a value of the type becomes null, a number that does not fit is an error, or null for
/// TRY_CAST.
/// </summary>
internal sealed class CastKernel(DataType from, DataType to, bool isTry)
{
    private const long MicrosPerSecond = 1_000_000;
    private readonly IArrowType _arrow = SqlTypes.Arrow(to);

    public static bool CanCast(DataType from, DataType to)
    {
        if (from.Equals(to) || from == PrimitiveType.Void)
        {
            return true;
        }

        if (SqlTypes.IsNested(from) || SqlTypes.IsNested(to) || to == PrimitiveType.Void)
        {
            return false;
        }

        if (from == PrimitiveType.String || to == PrimitiveType.String)
        {
            return true;
        }

        bool isTime = from == PrimitiveType.Timestamp;
        bool toTime = to == PrimitiveType.Timestamp;
        bool days = from == PrimitiveType.Date || SqlTypes.IsTimestamp(from);
        bool toDays = to == PrimitiveType.Date || SqlTypes.IsTimestamp(to);
        bool number = SqlTypes.IsNumeric(from);
        bool toNumber = SqlTypes.IsNumeric(to);
        return (days && toDays) || (number && (toNumber || toTime || to == PrimitiveType.Boolean))
            || (toNumber && (isTime || from == PrimitiveType.Boolean));
    }

    public IArrowArray Cast(SqlVector source, EvaluationScope scope)
    {
        if (from.Equals(to))
        {
            return source.Array;
        }

        if (from == PrimitiveType.Void)
        {
            return NullArrays.Create(_arrow, scope.Rows);
        }

        return to switch
        {
            DecimalType target => ToDecimal(target, source, scope),
            PrimitiveType { Name: "string" } => ToText(source, scope),
            PrimitiveType { Name: "binary" } => Relabel(source),
            PrimitiveType { Name: "boolean" } => ToBoolean(source, scope),
            PrimitiveType { Name: "date" } => ToDate(source, scope),
            PrimitiveType { Name: "timestamp" or "timestamp_ntz" } => ToTimestamp(source, scope),
            PrimitiveType { Name: "double" } => ToDouble(source, scope),
            PrimitiveType { Name: "float" } => ToFloat(source, scope),
            PrimitiveType { Name: "byte" } => ToWhole<sbyte>(source, scope),
            PrimitiveType { Name: "short" } => ToWhole<short>(source, scope),
            PrimitiveType { Name: "integer" } => ToWhole<int>(source, scope),
            _ => ToWhole<long>(source, scope),
        };
    }

    private Maybe<T> DoesNotFit<T>(object value) => isTry
        ? Maybe<T>.Null
        : throw ExpressionErrors.Overflow(FormattableString.Invariant($"{value} is no {SqlTypes.Name(to)}"));

    // Texts and binaries are the same bytes.
    private IArrowArray Relabel(SqlVector source)
    {
        ArrayData data = source.Data;
        return ArrowArrayFactory.BuildArray(new ArrayData(_arrow, data.Length, data.NullCount, data.Offset, data.Buffers, []));
    }

    private IArrowArray ToText(SqlVector source, EvaluationScope scope) => from switch
    {
        DecimalType number => Map<Int128, string>(source, scope, value => NumberText.Format(value, number.Scale)),
        PrimitiveType { Name: "binary" } => Map<byte[], string>(source, scope, static value => Encoding.UTF8.GetString(value)),
        PrimitiveType { Name: "boolean" } => Map<bool, string>(source, scope, static value => value ? "true" : "false"),
        PrimitiveType { Name: "date" } => Map<int, string>(source, scope, static value => Calendar.FormatDate(value)),
        PrimitiveType { Name: "timestamp" or "timestamp_ntz" } => Map<long, string>(source, scope, static value => DateText.FormatTimestamp(value)),
        PrimitiveType { Name: "double" } => Map<double, string>(source, scope, static value => NumberText.Format(value)),
        PrimitiveType { Name: "float" } => Map<float, string>(source, scope, static value => NumberText.Format(value)),
        _ => Map<long, string>(Longs(source, scope), scope, static value => FormattableString.Invariant($"{value}")),
    };

    private IArrowArray ToBoolean(SqlVector source, EvaluationScope scope) => from switch
    {
        DecimalType => Map<Int128, bool>(source, scope, static value => value != 0),
        PrimitiveType { Name: "string" } => Map<string, bool>(source, scope, static text => text.Trim().ToUpperInvariant() switch
        {
            "T" or "TRUE" or "Y" or "YES" or "1" => true,
            "F" or "FALSE" or "N" or "NO" or "0" => false,
            _ => Maybe<bool>.Null,
        }),
        PrimitiveType { Name: "double" or "float" } => Map<double, bool>(Doubles(source, scope), scope, static value => value != 0),
        _ => Map<long, bool>(Longs(source, scope), scope, static value => value != 0),
    };

    private IArrowArray ToDate(SqlVector source, EvaluationScope scope) => from == PrimitiveType.String
        ? Map<string, int>(source, scope, static text => DateText.TryParseDate(text, out int days) ? days : Maybe<int>.Null)
        : Map<long, int>(source, scope, static micros => (int)Floor(micros, DateText.MicrosPerDay));

    private IArrowArray ToTimestamp(SqlVector source, EvaluationScope scope)
    {
        bool allowZone = to == PrimitiveType.Timestamp;
        return from switch
        {
            DecimalType number => Map<Int128, long>(source, scope, value =>
                DecimalMath.Fit(value, number.Scale, new DecimalType(DecimalMath.MaxPrecision, 6)) is { } micros && micros == (long)micros
                    ? (long)micros
                    : DoesNotFit<long>(NumberText.Format(value, number.Scale))),
            PrimitiveType { Name: "string" } => Map<string, long>(source, scope, text =>
                DateText.TryParseTimestamp(text, allowZone, out long micros) ? micros : Maybe<long>.Null),
            PrimitiveType { Name: "date" } => Map<int, long>(source, scope, days =>
                (Int128)days * DateText.MicrosPerDay is var micros && micros == (long)micros ? (long)micros : DoesNotFit<long>(days)),
            PrimitiveType { Name: "timestamp" or "timestamp_ntz" } => Relabel(source),
            PrimitiveType { Name: "double" or "float" } => Map<double, long>(Doubles(source, scope), scope, seconds =>
                double.IsNaN(seconds) ? Maybe<long>.Null : Truncate(seconds * MicrosPerSecond)),
            _ => Map<long, long>(Longs(source, scope), scope, seconds =>
                Math.BigMul(seconds, MicrosPerSecond) is var micros && micros == (long)micros ? (long)micros : DoesNotFit<long>(seconds)),
        };
    }

    private IArrowArray ToDecimal(DecimalType target, SqlVector source, EvaluationScope scope) => from switch
    {
        DecimalType number => Map<Int128, Int128>(source, scope, value =>
            DecimalMath.Fit(value, number.Scale, target) ?? DoesNotFit<Int128>(NumberText.Format(value, number.Scale))),
        PrimitiveType { Name: "string" } => Map<string, Int128>(source, scope, text =>
            NumberText.ParseDecimal(text) is not { } number ? Maybe<Int128>.Null
            : DecimalMath.Fit(number.Unscaled, number.Scale, target) ?? DoesNotFit<Int128>(text)),
        PrimitiveType { Name: "double" or "float" } => Map<double, Int128>(Doubles(source, scope), scope, value =>
            !double.IsFinite(value) ? Maybe<Int128>.Null : NumberText.ToDecimal(value, target) ?? DoesNotFit<Int128>(value)),
        PrimitiveType { Name: "timestamp" } => Map<long, Int128>(source, scope, value =>
            DecimalMath.Fit((Int128)value, 6, target) ?? DoesNotFit<Int128>(value)),
        _ => Map<long, Int128>(Longs(source, scope), scope, value => DecimalMath.Fit((Int128)value, 0, target) ?? DoesNotFit<Int128>(value)),
    };

    private IArrowArray ToDouble(SqlVector source, EvaluationScope scope) => Doubles(source, scope).Array;

    private IArrowArray ToFloat(SqlVector source, EvaluationScope scope) => from == PrimitiveType.Long
        ? Map<long, float>(source, scope, static value => (float)value)
        : Map<double, float>(Doubles(source, scope), scope, static value => (float)value);

    private IArrowArray ToWhole<T>(SqlVector source, EvaluationScope scope)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (from == PrimitiveType.String)
        {
            return Map<string, T>(source, scope, static text =>
                NumberText.ParseWhole(text) is { } value && long.CreateTruncating(T.CreateTruncating(value)) == value
                    ? T.CreateTruncating(value)
                    : Maybe<T>.Null);
        }

        SqlVector longs = from switch
        {
            DecimalType number => source with
            {
                Array = RowsKernel.Map<Int128, long>(Int64Type.Default, source, scope, value => Truncate(value, number.Scale)),
            },
            PrimitiveType { Name: "double" or "float" } => source with
            {
                Array = RowsKernel.Map<double, long>(Int64Type.Default, Doubles(source, scope), scope, Truncate),
            },
            PrimitiveType { Name: "timestamp" } => source with
            {
                Array = RowsKernel.Map<long, long>(Int64Type.Default, source, scope, static micros => Floor(micros, MicrosPerSecond)),
            },
            _ => Longs(source, scope),
        };
        return typeof(T) == typeof(long) ? longs.Array : Map<long, T>(longs, scope, value =>
            T.CreateTruncating(value) is var narrow && long.CreateTruncating(narrow) == value ? narrow : DoesNotFit<T>(value));
    }

    private Maybe<long> Truncate(Int128 value, int scale)
    {
        Int128 whole = value / DecimalMath.Power(scale);
        return whole == (long)whole ? (long)whole : DoesNotFit<long>(NumberText.Format(value, scale));
    }

    // The limits of long are no doubles, but the next power of two is.
    private Maybe<long> Truncate(double value) => value is >= -9223372036854775808d and < 9223372036854775808d ? (long)value
        : DoesNotFit<long>(value);

    private static long Floor(long value, long unit) => (value / unit) - (value % unit < 0 ? 1 : 0);

    private IArrowArray Map<TA, TR>(SqlVector source, EvaluationScope scope, Func<TA, Maybe<TR>> function) =>
        RowsKernel.Map(_arrow, source, scope, function);

    private SqlVector Longs(SqlVector source, EvaluationScope scope) => from switch
    {
        PrimitiveType { Name: "boolean" } => source with
        {
            Array = RowsKernel.Map<bool, long>(Int64Type.Default, source, scope, static value => value ? 1 : 0),
        },
        PrimitiveType { Name: "byte" } => Widen<sbyte, long>(source, Int64Type.Default),
        PrimitiveType { Name: "short" } => Widen<short, long>(source, Int64Type.Default),
        PrimitiveType { Name: "integer" } => Widen<int, long>(source, Int64Type.Default),
        _ => source,
    };

    private SqlVector Doubles(SqlVector source, EvaluationScope scope) => from switch
    {
        DecimalType number => source with
        {
            Array = RowsKernel.Map<Int128, double>(DoubleType.Default, source, scope, value => NumberText.ToDouble(value, number.Scale)),
        },
        PrimitiveType { Name: "string" } => source with
        {
            Array = RowsKernel.Map<string, double>(DoubleType.Default, source, scope, static text =>
                NumberText.ParseDouble(text) is { } value ? value : Maybe<double>.Null),
        },
        PrimitiveType { Name: "timestamp" } => source with
        {
            Array = RowsKernel.Map<long, double>(DoubleType.Default, source, scope, static micros => micros / (double)MicrosPerSecond),
        },
        PrimitiveType { Name: "float" } => Widen<float, double>(source, DoubleType.Default),
        PrimitiveType { Name: "double" } => source,
        _ => Widen<long, double>(Longs(source, scope), DoubleType.Default),
    };

    // To a type that takes all values, so no row can fail.
    private static unsafe SqlVector Widen<TA, TR>(SqlVector source, IArrowType type)
        where TA : unmanaged, INumberBase<TA>
        where TR : unmanaged, INumberBase<TR>
    {
        byte[] bytes = new byte[checked(source.Array.Length * sizeof(TR))];
        Span<TR> results = MemoryMarshal.Cast<byte, TR>(bytes.AsSpan());
        ReadOnlySpan<TA> values = source.Fixed<TA>();
        for (int row = 0; row < results.Length; row++)
        {
            results[row] = TR.CreateTruncating(values[row]);
        }

        return source with { Array = Arrays.Of(type, bytes, Validity.Of(source, source.Array.Length), source.Array.Length) };
    }
}
