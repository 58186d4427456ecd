using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar.Tests.Generators;

/// <summary>The order and equality of values as documented: nulls first, one zero, one NaN above infinity, strings by their UTF-8 bytes.</summary>
internal static class ModelOrder
{
    public static int Compare(IArrowType type, object? a, object? b)
    {
        if (a is null || b is null)
        {
            return (a is null ? 0 : 1) - (b is null ? 0 : 1);
        }

        return (a, b) switch
        {
            (string x, string y) => System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y)),
            (byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y),
            (float x, float y) => Floating(x, y),
            (double x, double y) => Floating(x, y),
            (object?[] x, object?[] y) => Fields((StructType)type, x, y),
            _ => ((IComparable)a).CompareTo(b),
        };
    }

    /// <summary>Whether two values of any type are the same; generated maps have their entries in the order of their keys.</summary>
    public static bool Same(IArrowType type, object? a, object? b) => (type, a, b) switch
    {
        (ListType list, List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y, (i, j) => Same(list.ValueDataType, i, j)).All(same => same),
        (MapType map, List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y, (i, j) => Same(map.Fields[0].DataType, i, j)).All(same => same),
        (StructType fields, object?[] x, object?[] y) => fields.Fields.Select((f, i) => Same(f.DataType, x[i], y[i])).All(same => same),
        (NestedType, _, _) => a is null && b is null,
        _ => Compare(type, a, b) == 0,
    };

    private static int Fields(StructType type, object?[] a, object?[] b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (Compare(type.Fields[i].DataType, a[i], b[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return 0;
    }

    private static int Floating(double a, double b)
    {
        if (double.IsNaN(a) || double.IsNaN(b))
        {
            return (double.IsNaN(a) ? 1 : 0) - (double.IsNaN(b) ? 1 : 0);
        }

        return a == b ? 0 : a < b ? -1 : 1;
    }
}
