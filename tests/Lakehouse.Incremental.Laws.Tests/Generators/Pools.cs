using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>A few values of each type, among them those that are easily confused; the plainest first, which is where shrinking leads.</summary>
internal static class Pools
{
    private const long Ticks2024 = 638_000_000_000_000_010;

    /// <summary>Values of key and value columns.</summary>
    public static Gen<object> Value(ColumnType type) => OneOf(Of(type));

    /// <summary>Values of sequence columns: no NaN.</summary>
    public static Gen<object> Sequence(ColumnType type) => OneOf([.. Of(type).Where(v => v is not double.NaN and not float.NaN)]);

    public static object Plainest(ColumnType type) => Of(type)[0];

    private static Gen<object> OneOf(object[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static object[] Of(ColumnType type) => type switch
    {
        ColumnType.Text => ["a", "b", "", "b\0", "b\0a", "null", "é", "\uFFFD", "\U0001F600"],
        ColumnType.Long => [0L, 1L, -1L, 7L, (1L << 53) + 1, -(1L << 40)],
        ColumnType.Integer => [0, 1, -1, int.MaxValue, int.MinValue],
        ColumnType.Short => [(short)0, (short)1, (short)-1, short.MaxValue, short.MinValue],
        ColumnType.Double =>
        [
            0d, 1.5, -1.5, -0d, double.NaN, BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_0000_0000_0001)), double.PositiveInfinity,
            double.NegativeInfinity, 1e100, -1e100, double.MaxValue, double.Epsilon, 0.1,
        ],
        ColumnType.Float =>
        [
            0f, 1.5f, -1.5f, -0f, float.NaN, BitConverter.Int32BitsToSingle(0x7FC0_0001), float.PositiveInfinity, float.NegativeInfinity,
            float.MaxValue, float.Epsilon, 16_777_216f, 0.1f,
        ],
        ColumnType.Decimal => [0m, 1m, -1m, 1.0000000001m, 1_234_567_890_123_456.0123456789m, -0.5m],
        ColumnType.Date => [new DateOnly(1970, 1, 1), new DateOnly(2024, 2, 29), new DateOnly(1969, 12, 31), new DateOnly(9999, 12, 31)],
        ColumnType.Timestamp => [.. Moments.Select(t => (object)new DateTimeOffset(t, TimeSpan.Zero))],
        ColumnType.LocalTimestamp => [.. Moments.Select(t => (object)new DateTime(t))],
        ColumnType.Boolean => [false, true],
        ColumnType.Binary => [new byte[] { 1 }, new byte[0], new byte[] { 0 }, new byte[] { 0, 255 }, new byte[] { 255 }, new byte[] { 0, 0 }],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static long[] Moments =>
        [DateTime.UnixEpoch.Ticks, DateTime.UnixEpoch.Ticks - 10, Ticks2024, Ticks2024 + 10, new DateTime(1900, 1, 1).Ticks];
}
