using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Tests.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>Types of any kind, nested up to a depth.</summary>
internal static class RandomTypes
{
    private static readonly DataType[] Primitives = [.. RandomRows.AllPrimitives.Where(static type => type != PrimitiveType.Void)];

    private static readonly DataType[] Keys =
        [PrimitiveType.String, PrimitiveType.Long, PrimitiveType.Date, PrimitiveType.Byte, new DecimalType(9, 4), PrimitiveType.Timestamp];

    public static DataType Primitive(Random random) => Primitives[random.Next(Primitives.Length)];

    public static DataType Any(Random random, int depth) => (depth <= 1 ? 0 : random.Next(9)) switch
    {
        6 => new ArrayType(Any(random, depth - 1), ContainsNull: random.Next(4) != 0),
        7 => new MapType(Keys[random.Next(Keys.Length)], Any(random, depth - 1), ValueContainsNull: random.Next(4) != 0),
        8 => new StructType([.. Enumerable.Range(0, 1 + random.Next(3)).Select(i => Field($"f{i}", random, depth - 1))]),
        _ => Primitive(random),
    };

    private static StructField Field(string name, Random random, int depth) => new(name, Any(random, depth), Nullable: random.Next(5) != 0);
}
