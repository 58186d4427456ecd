using System.Globalization;
using System.Text;

namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>
/// What is equal and what comes first (semantics 2.10, 2.11): null first; text by its UTF-8 bytes; the zeros are one value; all NaNs are one value,
/// above infinity.
/// </summary>
internal static class Canonical
{
    public static int Compare(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string l, string r) => Encoding.UTF8.GetBytes(l).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(r)),
        (byte[] l, byte[] r) => l.AsSpan().SequenceCompareTo(r),
        (double l, double r) => CompareFloating(l, r),
        (float l, float r) => CompareFloating(l, r),
        _ => ((IComparable)left).CompareTo(right),
    };

    /// <summary>Lexicographic.</summary>
    public static int Compare(object?[] left, object?[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            int order = Compare(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    public static bool Equal(object?[] left, object?[] right) => Compare(left, right) == 0;

    /// <summary>The one representative of equal values: of the zeros +0, of the NaNs the plain one.</summary>
    public static object? Value(object? value) => value switch
    {
        0d => 0d,
        double.NaN => double.NaN,
        0f => 0f,
        float.NaN => float.NaN,
        decimal m => decimal.Parse(m.ToString("0.##########", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <summary>Text that is equal exactly when the values are.</summary>
    public static string Text(IEnumerable<object?> values) => Literal.Of(values.Select(Value));

    private static int CompareFloating(double left, double right) => (double.IsNaN(left), double.IsNaN(right)) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => left < right ? -1 : left > right ? 1 : 0,
    };
}
