using System.Globalization;

namespace Lakehouse.Incremental.Columnar.Tests.Support;

/// <summary>The rules of semantics 2.10 over plain values, said once more in the simplest way.</summary>
internal static class Model
{
    /// <summary>Order of values: null first, one zero, NaN last, text by its UTF-8 bytes, structs field by field.</summary>
    public static int Compare(object? a, object? b) => (a, b) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (float x, float y) => Compare((double)x, (double)y),
        (double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? double.IsNaN(x).CompareTo(double.IsNaN(y)) : x < y ? -1 : x > y ? 1 : 0,
        (string x, string y) => System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y)),
        (byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y),
        (object?[] x, object?[] y) => x.Zip(y, Compare).FirstOrDefault(c => c != 0),
        (IComparable x, _) => x.CompareTo(b),
        _ => throw new ArgumentException(a.GetType().Name),
    };

    /// <summary>One text for all values that are equal.</summary>
    public static string Canonical(object? value) => value switch
    {
        float f => Canonical((double)f),
        double d => double.IsNaN(d) ? "NaN" : d == 0 ? "0" : d.ToString("R", CultureInfo.InvariantCulture),
        object?[] list => "[" + string.Join(",", list.Select(Canonical)) + "]",
        _ => Naive.Text(value),
    };
}
