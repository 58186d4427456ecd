namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>What is known of a column's values in one file.</summary>
/// <param name="MayBeNull">A value may be null.</param>
/// <param name="MayBeValue">A value may be other than null.</param>
/// <param name="Min">No value is less; encoded; null when unknown.</param>
/// <param name="Max">No value is greater; encoded; null when unknown.</param>
internal readonly record struct ColumnBounds(bool MayBeNull, bool MayBeValue, byte[]? Min, byte[]? Max)
{
    /// <summary>The one value all that are not null have; null when there may be several.</summary>
    public byte[]? Single => Min is not null && Max is not null && Min.AsSpan().SequenceEqual(Max) ? Min : null;

    /// <summary>Whether the comparison may hold for some value.</summary>
    public bool MayHold(Comparison comparison, ReadOnlySpan<byte> literal)
    {
        if (!MayBeValue)
        {
            return false;
        }

        int? min = Min is null ? null : Min.AsSpan().SequenceCompareTo(literal);
        int? max = Max is null ? null : Max.AsSpan().SequenceCompareTo(literal);
        return comparison switch
        {
            Comparison.Equal => !(min > 0) && !(max < 0),
            Comparison.NotEqual => !(min == 0 && max == 0),
            Comparison.LessThan => !(min >= 0),
            Comparison.LessThanOrEqual => !(min > 0),
            Comparison.GreaterThan => !(max <= 0),
            _ => !(max < 0),
        };
    }
}
