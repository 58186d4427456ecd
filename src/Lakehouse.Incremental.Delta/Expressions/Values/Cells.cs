using System.Text;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>The values of a vector as CLR values: what functions that are not on the common paths work on.</summary>
internal sealed class Cells<T>
{
    private readonly T[] _values;
    private readonly int _mask;

    public Cells(SqlVector vector)
    {
        _values = Unpack(vector);
        _mask = vector.Mask;
    }

    public T this[int row] => _values[row & _mask];

    // Not null: the rows that are read are those that are not null.
    private static T[] Unpack(SqlVector vector)
    {
        object values = typeof(T) switch
        {
            Type t when t == typeof(bool) => Booleans(vector),
            Type t when t == typeof(string) => Texts(vector),
            Type t when t == typeof(byte[]) => Bytes(vector),
            Type t when t == typeof(sbyte) => vector.Fixed<sbyte>().ToArray(),
            Type t when t == typeof(short) => vector.Fixed<short>().ToArray(),
            Type t when t == typeof(int) => vector.Fixed<int>().ToArray(),
            Type t when t == typeof(long) => vector.Fixed<long>().ToArray(),
            Type t when t == typeof(float) => vector.Fixed<float>().ToArray(),
            Type t when t == typeof(double) => vector.Fixed<double>().ToArray(),
            _ => vector.Fixed<Int128>().ToArray(),
        };
        return (T[])values;
    }

    private static bool[] Booleans(SqlVector vector)
    {
        bool[] values = new bool[vector.Array.Length];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = vector.IsTrue(row);
        }

        return values;
    }

    private static string[] Texts(SqlVector vector)
    {
        string[] values = new string[vector.Array.Length];
        ReadOnlySpan<int> offsets = vector.Offsets;
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = vector.IsNull(row) ? "" : Encoding.UTF8.GetString(vector.Bytes[offsets[row]..offsets[row + 1]]);
        }

        return values;
    }

    private static byte[][] Bytes(SqlVector vector)
    {
        byte[][] values = new byte[vector.Array.Length][];
        ReadOnlySpan<int> offsets = vector.Offsets;
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = vector.IsNull(row) ? [] : vector.Bytes[offsets[row]..offsets[row + 1]].ToArray();
        }

        return values;
    }
}
