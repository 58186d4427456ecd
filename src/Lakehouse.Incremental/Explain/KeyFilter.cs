using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Merging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Explain;

/// <summary>Which staged rows may concern a key. It spares reading, and what it keeps is looked at again by the canonical key.</summary>
/// <param name="Key">Events with the key; null where that cannot be said as a condition.</param>
/// <param name="Wanted">These, truncates, and events of other keys that were this one before; null for all rows.</param>
internal sealed record KeyFilter(Filter? Key, Filter? Wanted)
{
    public static KeyFilter None { get; } = new(null, null);

    public static KeyFilter Of(MergeConfiguration flow, Schema events, IReadOnlyList<object?> key)
    {
        if (Equal(flow.Keys, events, key) is not { } own)
        {
            return None;
        }

        Filter wanted = own;
        if (flow.TruncateWhen is { } truncates)
        {
            wanted |= truncates;
        }

        if (flow.OperationColumn is { } column && flow.Operations.Truncate.Count > 0)
        {
            wanted |= Filter.Column(column).In([.. flow.Operations.Truncate]);
        }

        if (flow.PreviousKeys.Count > 0 && flow.PreviousKeys.All(name => events.PositionOf(name) >= 0))
        {
            if (Equal(flow.PreviousKeys, events, key) is not { } former)
            {
                return new KeyFilter(own, null);
            }

            wanted |= former;
        }

        return new KeyFilter(own, wanted);
    }

    /// <summary>Null where a value does not fit its column.</summary>
    private static Filter? Equal(IReadOnlyList<string> columns, Schema events, IReadOnlyList<object?> key)
    {
        Filter? all = null;
        for (int i = 0; i < columns.Count; i++)
        {
            if (!Fits(columns[i], events, key[i]))
            {
                return null;
            }

            Filter one = key[i] is { } value ? Filter.Column(columns[i]).EqualTo(value) : Filter.Column(columns[i]).IsNull();
            all = all is null ? one : all & one;
        }

        return all;
    }

    private static bool Fits(string column, Schema events, object? value)
    {
        int position = events.PositionOf(column);
        try
        {
            return position >= 0 && (value is null || FilterLiteral.Encode(value, events.GetFieldByIndex(position)) is not null);
        }
        catch (LakehouseException error) when (string.Equals(error.ErrorCode, ErrorCodes.SchemaMismatch, StringComparison.Ordinal))
        {
            return false;
        }
    }
}
