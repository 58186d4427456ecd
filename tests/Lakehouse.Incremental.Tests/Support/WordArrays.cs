using System.Globalization;
using System.Numerics;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Tests;

/// <summary>Arrays from words; "_" is null.</summary>
internal static class WordArrays
{
    public static IArrowArray Of(IArrowType type, IReadOnlyList<string> words) => type switch
    {
        StructType s => Struct(s, words),
        ListType l => List(l, l.ValueDataType, words, static word => WordTypes.Split(word[1..^1])),
        MapType m => List(m, m.KeyValueType, words, static word => [.. WordTypes.Split(word[1..^1]).Select(static pair => $"{{{pair.Replace('=', ',')}}}")]),
        _ => Concat(type, [.. words.Select(word => ConstantArray.Create(type, word == "_" ? null : Scalar(type, word), 1))]),
    };

    private static object Scalar(IArrowType type, string word) => type switch
    {
        StringType => word == "''" ? "" : word,
        BinaryType => Encoding.UTF8.GetBytes(word),
        BooleanType => bool.Parse(word),
        Int8Type => sbyte.Parse(word, CultureInfo.InvariantCulture),
        Int16Type => short.Parse(word, CultureInfo.InvariantCulture),
        Int32Type => int.Parse(word, CultureInfo.InvariantCulture),
        Int64Type => long.Parse(word, CultureInfo.InvariantCulture),
        FloatType => float.Parse(word, CultureInfo.InvariantCulture),
        DoubleType => double.Parse(word, CultureInfo.InvariantCulture),
        Date32Type => DateOnly.Parse(word, CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber,
        TimestampType => (DateTime.Parse(word, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        Decimal128Type d => Unscaled(word, d.Scale),
        _ => throw new ArgumentException($"no words for {type.Name}", nameof(type)),
    };

    private static BigInteger Unscaled(string word, int scale)
    {
        string[] parts = word.Split('.');
        return BigInteger.Parse(parts[0] + (parts.Length > 1 ? parts[1] : "").PadRight(scale, '0'), CultureInfo.InvariantCulture);
    }

    private static StructArray Struct(StructType type, IReadOnlyList<string> words)
    {
        string[]?[] members = [.. words.Select(static word => word == "_" ? null : WordTypes.Split(word[1..^1]))];
        IArrowArray[] children = [.. type.Fields.Select((field, i) => Of(field.DataType, [.. members.Select(m => m?[i] ?? "_")]))];
        return (StructArray)ArrowArrayFactory.BuildArray(
            new ArrayData(type, words.Count, members.Count(static m => m is null), 0, [Validity(words)], [.. children.Select(static c => c.Data)]));
    }

    private static IArrowArray List(IArrowType type, IArrowType element, IReadOnlyList<string> words, Func<string, string[]> split)
    {
        string[][] lists = [.. words.Select(word => word == "_" ? [] : split(word))];
        ArrowBuffer.Builder<int> offsets = new();
        offsets.Append(0);
        int end = 0;
        foreach (string[] list in lists)
        {
            offsets.Append(end += list.Length);
        }

        IArrowArray elements = Of(element, [.. lists.SelectMany(static list => list)]);
        return ArrowArrayFactory.BuildArray(new ArrayData(type, words.Count, words.Count(static w => w == "_"), 0, [Validity(words), offsets.Build()], [elements.Data]));
    }

    private static ArrowBuffer Validity(IReadOnlyList<string> words)
    {
        ArrowBuffer.BitmapBuilder bits = new();
        bits.AppendRange(words.Select(static word => word != "_"));
        return bits.Build();
    }

    private static IArrowArray Concat(IArrowType type, IReadOnlyList<IArrowArray> parts)
    {
        Schema one = new([new Field("x", type, nullable: true)], null);
        return ConcatKernel.Concat(one, [.. parts.Select(part => new RecordBatch(one, [part], 1))]).Column(0);
    }
}
