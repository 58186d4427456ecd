using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Tests.Filters;

/// <summary>A type of column with few values, the awkward ones among them, each as it is stored and as the literal a user writes for it.</summary>
internal sealed record ColumnKind(string Name, IArrowType Type, (object Stored, object Literal)[] Values, Comparison<object> Order)
{
    private static readonly string s_prefix = new('p', 31);

    public static readonly ColumnKind[] All =
    [
        Of("byte", Int8Type.Default, Same<sbyte>(sbyte.MinValue, -1, 0, 1, sbyte.MaxValue)),
        Of("short", Int16Type.Default, Same<short>(short.MinValue, -1, 0, 1, short.MaxValue)),
        Of("int", Int32Type.Default, Same(int.MinValue, -1, 0, 1, 2, int.MaxValue)),
        Of("long", Int64Type.Default, Same(long.MinValue, -1L, 0, 1, 2, long.MaxValue)),
        Of("float", FloatType.Default, Same(float.NegativeInfinity, -1.5f, -0f, 0f, 0.1f, float.MaxValue, float.NaN)),
        Of("double", DoubleType.Default, Same(double.NegativeInfinity, -1.5, -0.0, 0.0, 0.1, 1e300, double.PositiveInfinity, double.NaN)),
        Of("small_decimal", new Decimal128Type(9, 2), Decimals(2, -99_999_999_9, -1, 0, 1, 250)),
        Of("big_decimal", new Decimal128Type(28, 3), Decimals(3, -1_234_567_890_123_456_789, -1, 0, 1, 1_234_567_890_123_456_789, 1_234_567_890_123_456_790)),
        Of("string", StringType.Default, Same(
            "", "a", "b", s_prefix + "a", s_prefix + "ab", s_prefix + "a\u007F", s_prefix + "aé", s_prefix + "a\uFFFF", s_prefix + "a\U0010FFFF",
            s_prefix + "\U0001F600", s_prefix + "\U0001F600z", "\uFFFFx", "\U0001F600", string.Concat(Enumerable.Repeat("\U0010FFFF", 40)))),
        Of("boolean", BooleanType.Default, Same(false, true)),
        Of("binary", BinaryType.Default, Same(System.Array.Empty<byte>(), new byte[] { 0 }, new byte[] { 0, 0xC3, 0xBF }, new byte[] { 0xF0, 0x9F, 0x98, 0x88 })),
        Of("date", Date32Type.Default, [.. new[] { -719_162, -1, 0, 1, 20_000, 2_932_896 }.Select(static days => ((object)days, (object)new DateOnly(1970, 1, 1).AddDays(days)))]),
        Of("timestamp", new TimestampType(TimeUnit.Microsecond, "UTC"),
            [.. s_micros.Select(static micros => ((object)micros, (object)new DateTimeOffset(DateTime.UnixEpoch).AddTicks(micros * 10)))]),
        Of("timestamp_ntz", new TimestampType(TimeUnit.Microsecond, (string?)null),
            [.. s_micros.Select(static micros => ((object)micros, (object)new DateTime(DateTime.UnixEpoch.Ticks + (micros * 10), DateTimeKind.Unspecified)))]),
    ];

    private static long[] s_micros => [-62_135_596_800_000_000, -1001, -1000, -1, 0, 1, 999, 1000, 1001, 1_700_000_000_123_456, 253_402_300_799_999_999];

    public IArrowArray Column(IReadOnlyList<int?> indices) =>
        ConcatKernel.Concat(Type, [.. indices.Select(index => ConstantArray.Create(Type, index is { } i ? Values[i].Stored : null, 1))]);

    private static ColumnKind Of(string name, IArrowType type, (object Stored, object Literal)[] values) => new(name, type, values, Compare);

    private static (object Stored, object Literal)[] Same<T>(params T[] values)
        where T : notnull => [.. values.Select(static value => ((object)value, (object)value))];

    private static (object Stored, object Literal)[] Decimals(byte scale, params long[] unscaled) =>
        [.. unscaled.Select(value => ((object)(Int128)value, (object)(new decimal(value) / (decimal)Math.Pow(10, scale))))];

    private static int Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (float a, float b) => Compare((double)a, (double)b),
        (double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a < b ? -1 : a > b ? 1 : 0,
        _ => ((IComparable)left).CompareTo(right),
    };
}
