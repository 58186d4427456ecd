using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Tests.Constraints;

namespace Lakehouse.Incremental.Delta.Tests.Expressions;

public sealed class ColumnTests
{
    private const int Rows = 100;

    private static readonly string[] Expressions =
    [
        "a + b", "a - b * 2", "a / b", "a % b", "a < b", "a <=> b", "a = 5 OR b > 7", "NOT (a > 3 AND t LIKE 'v1%')", "t || '-' || CAST(a AS STRING)",
        "a IN (1, 2, b)", "a BETWEEN b AND 50", "CASE WHEN a > b THEN t WHEN f THEN 'f' END", "COALESCE(t, CAST(b AS STRING))", "f AND a > 10",
            "f OR g",
        "t > 'v5'", "length(t)", "IF(f, a, b)", "greatest(a, b, 10)", "d + 1.5", "d > a", "CAST(a AS DOUBLE) * 1.5", "CAST(t AS INT)", "a IS NULL",
            "f = g",
        "day(CAST(a AS TIMESTAMP))", "upper(t) RLIKE '[0-4]$'", "s.x + a", "s.y", "m['k1']", "l[1]", "l[a]", "-a", "abs(a - 50)", "7", "NULL",
    ];

    [Fact]
    public void A_part_of_a_batch_gives_that_part_of_the_values()
    {
        RecordBatch batch = Batch();
        foreach (string sql in Expressions)
        {
            string[] whole = Sql.Values(sql, batch);
            foreach ((int start, int length) in new[] { (0, Rows), (1, 7), (3, 64), (8, 16), (13, Rows - 13), (Rows, 0), (5, 1) })
            {
                RecordBatch slice = SliceKernel.Slice(batch, start, length);
                Sql.Values(sql, slice).Should().Equal(whole.Skip(start).Take(length), "{0} from {1}", sql, start);
                Sql.Values(sql, ManagedCopy.Copy(slice)).Should().Equal(whole.Skip(start).Take(length), "{0} from {1}, copied", sql, start);
            }
        }
    }

    [Fact]
    public void Rows_do_not_depend_on_each_other()
    {
        RecordBatch batch = Batch();
        foreach (string sql in Expressions)
        {
            string[] whole = Sql.Values(sql, batch);
            for (int row = 0; row < Rows; row += 9)
            {
                Sql.Values(sql, TakeKernel.Take(batch, [row])).Should().Equal([whole[row]], "{0} in row {1}", sql, row);
            }
        }
    }

    [Fact]
    public void Values_are_managed_and_of_the_canonical_type()
    {
        RecordBatch batch = Batch();
        foreach (string sql in Expressions)
        {
            IArrowArray values = Sql.Bind(sql, batch).Evaluate(batch);
            ManagedCopy.IsManaged(values.Data).Should().BeTrue(sql);
            ArrowLayouts.IsCanonical(values.Data.DataType).Should().BeTrue(sql);
        }
    }

    [Fact]
    public void Conditions_agree_with_a_calculation_by_row()
    {
        RecordBatch batch = Batch();
        (Int64Array a, Int64Array b) = ((Int64Array)batch.Column("a"), (Int64Array)batch.Column("b"));
        string[] expected =
        [
            .. Enumerable.Range(0, Rows).Select(row => (a.GetValue(row), b.GetValue(row)) switch
            {
                (null, null) => "null",
                (null, { } y) => y > 7 ? "true" : "null",
                ({ } x, null) => x == 5 ? "true" : "null",
                ({ } x, { } y) => x == 5 || y > 7 ? "true" : "false",
            }),
        ];
        Sql.Values("a = 5 OR b > 7", batch).Should().Equal(expected);
    }

    [Theory]
    [InlineData("s.x", "1,null,null")]
    [InlineData("S.`X` + 1", "2,null,null")]
    [InlineData("s IS NULL", "false,false,true")]
    [InlineData("l[0]", "10,null,null")]
    [InlineData("l[1]", "20,null,null")]
    [InlineData("l[-1]", "null,null,null")]
    [InlineData("m['k']", "1,null,null")]
    [InlineData("m['z']", "null,null,null")]
    [InlineData("m[t]", "1,2,null")]
    [InlineData("s = s", "true,true,null")]
    [InlineData("`odd ``name```", "x,y,z")]
    public void Nested_values_and_names_are_reached(string sql, string expected)
    {
        Sql.Values(sql, Nested()).Should().Equal(expected.Split(','));
    }

    [Theory]
    [InlineData("m = m")]
    [InlineData("s < s")]
    [InlineData("CAST(s AS STRING)")]
    [InlineData("l.x")]
    public void Maps_are_not_compared_nor_nested_values_ordered_or_cast(string sql)
    {
        FluentActions.Invoking(() => Sql.Values(sql, Nested())).Should().Throw<UnsupportedFeatureException>();
    }

    [Fact]
    public void An_error_counts_only_where_it_is_reached()
    {
        RecordBatch batch = RuleKit.Batch(("a", RuleKit.LongArray(1, long.MaxValue, null)));
        Sql.Values("CASE WHEN a < 100 THEN a * 2 ELSE a END", batch).Should().Equal("2", "9223372036854775807", "null");
        Sql.Values("a < 100 AND a * 2 < 100", batch).Should().Equal("true", "false", "null");
        FluentActions.Invoking(() => Sql.Values("a * 2 < 100 AND a < 100", batch)).Should().Throw<InvalidRowsException>()
            .Which.Message.Should().Contain("9223372036854775807 * 2");
    }

    [Fact]
    public void Decimals_of_38_digits_are_exact()
    {
        foreach ((string a, string b) in DecimalPairs())
        {
            (BigInteger x, int xs) = Parts(a);
            (BigInteger y, int ys) = Parts(b);
            int scale = Math.Max(xs, ys);
            (BigInteger p, BigInteger q) = (x * BigInteger.Pow(10, scale - xs), y * BigInteger.Pow(10, scale - ys));
            Sql.Value($"{a} = {b}").Should().Be(p == q ? "true" : "false", $"{a} = {b}");
            Sql.Value($"{a} < {b}").Should().Be(p < q ? "true" : "false", $"{a} < {b}");
            Check($"{a} + {b}", p + q, scale);
            Check($"{a} - {b}", p - q, scale);
            Check($"{a} * {b}", x * y, xs + ys);
        }
    }

    [Theory]
    [InlineData("CAST(1 AS DECIMAL(10,2)) + CAST(1 AS DECIMAL(12,4))", "decimal(13,4)")]
    [InlineData("CAST(1 AS DECIMAL(10,2)) * CAST(1 AS DECIMAL(12,4))", "decimal(23,6)")]
    [InlineData("CAST(1 AS DECIMAL(10,2)) / CAST(1 AS DECIMAL(12,4))", "decimal(27,15)")]
    [InlineData("CAST(1 AS DECIMAL(10,2)) % CAST(1 AS DECIMAL(12,4))", "decimal(12,4)")]
    [InlineData("CAST(1 AS DECIMAL(38,10)) + CAST(1 AS DECIMAL(38,10))", "decimal(38,9)")]
    [InlineData("CAST(1 AS DECIMAL(38,18)) * CAST(1 AS DECIMAL(38,18))", "decimal(38,6)")]
    [InlineData("CAST(1 AS DECIMAL(38,10)) / CAST(3 AS DECIMAL(38,10))", "decimal(38,6)")]
    [InlineData("CAST(1 AS DECIMAL(10,2)) + 1", "decimal(11,2)")]
    [InlineData("CAST(1 AS DECIMAL(10,2)) + x", "decimal(13,2)")]
    [InlineData("CAST(1 AS DECIMAL(10,2)) + 1L", "decimal(11,2)")]
    [InlineData("CAST(1 AS DECIMAL(10,2)) + 1D", "double")]
    [InlineData("round(CAST(1 AS DECIMAL(10,4)), 2)", "decimal(9,2)")]
    [InlineData("ceil(CAST(1 AS DECIMAL(10,4)))", "decimal(7,0)")]
    public void Types_of_decimals_are_those_of_Spark(string sql, string type)
    {
        Sql.TypeOf(sql).Should().Be(type);
    }

    // The result, rounded half up to the scale of its type, or an overflow where it has too many digits.
    private static void Check(string sql, BigInteger exact, int scale)
    {
        string type = Sql.TypeOf(sql);
        int typeScale = int.Parse(type[(type.IndexOf(',', StringComparison.Ordinal) + 1)..^1], CultureInfo.InvariantCulture);
        BigInteger unit = BigInteger.Pow(10, scale - typeScale);
        BigInteger rounded = BigInteger.Divide((BigInteger.Abs(exact) * 2) + unit, unit * 2) * exact.Sign;
        if (BigInteger.Abs(rounded) >= BigInteger.Pow(10, 38))
        {
            Sql.CodeOf(sql).Should().Be(ErrorCodes.Overflow, sql);
            return;
        }

        Sql.Value(sql).Should().Be(CellText.Decimal(rounded, typeScale), sql);
    }

    private static IEnumerable<(string A, string B)> DecimalPairs()
    {
        string[] values =
        [
            "0.0", "1.5", "-2.25", "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999",
            "0.99999999999999999999999999999999999999", "12345678901234567890.123456789012345678", "-0.00000000000000000000000000000000000001",
            "9223372036854775807.0", "9223372036854775808.5", "1000000000000000000BD", "0.000000000000000001",
        ];
        return values.SelectMany(a => values.Select(b => (a, b)));
    }

    private static (BigInteger Unscaled, int Scale) Parts(string text)
    {
        string number = text.Replace("BD", "", StringComparison.Ordinal);
        int point = number.IndexOf('.', StringComparison.Ordinal);
        return (BigInteger.Parse(number.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), point < 0 ? 0
            : number.Length - point - 1);
    }

    private static RecordBatch Batch()
    {
        long?[] a = [.. Enumerable.Range(0, Rows).Select(static i => i % 11 == 3 ? null : (long?)(i * 7 % 61))];
        long?[] b = [.. Enumerable.Range(0, Rows).Select(static i => i % 7 == 2 ? null : (long?)(i % 13))];
        string?[] t = [.. Enumerable.Range(0, Rows).Select(static i => i % 5 == 4 ? null : "v" + i)];
        Decimal128Array.Builder d = new(new Decimal128Type(12, 2));
        foreach (int i in Enumerable.Range(0, Rows))
        {
            _ = i % 6 == 1 ? d.AppendNull() : d.Append(i / 4m);
        }

        return RuleKit.Batch(
            ("a", RuleKit.LongArray(a)), ("b", RuleKit.LongArray(b)), ("t", RuleKit.TextArray(t)), ("f", Booleans(3)), ("g", Booleans(4)),
                ("d", d.Build()),
            ("s", Struct(RuleKit.LongArray(b), RuleKit.TextArray(t))), ("m", Map(t)), ("l", List(a, b)));
    }

    private static BooleanArray Booleans(int period)
    {
        BooleanArray.Builder builder = new();
        foreach (int i in Enumerable.Range(0, Rows))
        {
            _ = i % period == 0 ? builder.AppendNull() : builder.Append(i % period == 1);
        }

        return builder.Build();
    }

    private static StructArray Struct(IArrowArray x, IArrowArray y)
    {
        byte[] validity = new byte[(x.Length + 7) / 8];
        int nulls = 0;
        for (int i = 0; i < x.Length; i++)
        {
            validity[i >> 3] |= (byte)(i % 4 == 2 ? 0 : 1 << (i & 7));
            nulls += i % 4 == 2 ? 1 : 0;
        }

        StructType type = new([new Field("x", x.Data.DataType, true), new Field("y", y.Data.DataType, true)]);
        return new StructArray(type, x.Length, [x, y], new ArrowBuffer(validity), nulls);
    }

    private static MapArray Map(string?[] values)
    {
        MapType type = new(new Field("key", StringType.Default, false), new Field("value", StringType.Default, true));
        MapArray.Builder builder = new(type);
        (StringArray.Builder keys, StringArray.Builder items) = ((StringArray.Builder)builder.KeyBuilder, (StringArray.Builder)builder.ValueBuilder);
        for (int row = 0; row < values.Length; row++)
        {
            if (row % 9 == 5)
            {
                builder.AppendNull();
                continue;
            }

            builder.Append();
            for (int entry = 0; entry < row % 3; entry++)
            {
                keys.Append("k" + entry);
                _ = values[row] is { } value ? items.Append(value) : items.AppendNull();
            }
        }

        return builder.Build();
    }

    private static ListArray List(long?[] a, long?[] b)
    {
        ListArray.Builder builder = new(new Field("element", Int64Type.Default, true));
        Int64Array.Builder items = (Int64Array.Builder)builder.ValueBuilder;
        for (int row = 0; row < a.Length; row++)
        {
            if (row % 8 == 6)
            {
                builder.AppendNull();
                continue;
            }

            builder.Append();
            items.Append(a[row]);
            if (row % 2 == 0)
            {
                items.Append(b[row]);
            }
        }

        return builder.Build();
    }

    private static RecordBatch Nested()
    {
        MapType type = new(new Field("key", StringType.Default, false), new Field("value", Int64Type.Default, true));
        MapArray.Builder map = new(type);
        map.Append();
        ((StringArray.Builder)map.KeyBuilder).Append("k");
        ((Int64Array.Builder)map.ValueBuilder).Append(1);
        map.Append();
        ((StringArray.Builder)map.KeyBuilder).Append("j");
        ((Int64Array.Builder)map.ValueBuilder).Append(2);
        map.AppendNull();
        ListArray.Builder list = new(new Field("element", Int64Type.Default, true));
        list.Append();
        ((Int64Array.Builder)list.ValueBuilder).Append(10);
        ((Int64Array.Builder)list.ValueBuilder).Append(20);
        list.Append();
        list.AppendNull();
        return RuleKit.Batch(
            ("s", Struct(RuleKit.LongArray(1, null, 3), RuleKit.TextArray("a", "b", "c"))), ("m", map.Build()), ("l", list.Build()),
            ("t", RuleKit.TextArray("k", "j", "k")), ("odd `name`", RuleKit.TextArray("x", "y", "z")));
    }
}
