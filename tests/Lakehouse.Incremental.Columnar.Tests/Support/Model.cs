using System.Globalization;

namespace Lakehouse.Incremental.Columnar.Tests.Support;

/// <summary>The equality of semantics 2.10 over plain values, said once more in the simplest way.</summary>
internal static class Model
{
    /// <summary>One text for all values that are equal.</summary>
    public static string Canonical(object? value) => value switch
    {
        float f => Canonical((double)f),
        double d => double.IsNaN(d) ? "NaN" : d == 0 ? "0" : d.ToString("R", CultureInfo.InvariantCulture),
        object?[] list => "[" + string.Join(",", list.Select(Canonical)) + "]",
        _ => Naive.Text(value),
    };
}
