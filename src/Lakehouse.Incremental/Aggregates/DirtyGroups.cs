using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>Works out groups whose extreme was retracted from the rows of the input, in one scan for all of them.</summary>
internal static class DirtyGroups
{
    private const int MaxFiltered = 32;

    /// <returns>How many groups were dirty.</returns>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.RetractionUnderflow"/>: the input has other rows than are remembered.</exception>
    public static async Task<int> RecomputeAsync(
        AggregateTarget target, GroupTable groups, DeltaTable input, Snapshot source, CancellationToken cancellationToken)
    {
        AggregateLayout layout = target.Layout;
        Group[] dirty = [.. groups.InOrder.Where(g => g is { IsDirty: true, IsUnderflown: false })];
        if (dirty.Length == 0)
        {
            return 0;
        }

        RecordBatch keys = GroupRows.Keys(layout, dirty, groups.Samples);
        IAsyncEnumerable<RecordBatch> rows = AggregateChanges.ReadAllAsync(input, source, layout.Input, cancellationToken, FilterFor(keys));
        IReadOnlyList<Group> drifted = await groups.RecomputeAsync(dirty, rows, cancellationToken).ConfigureAwait(false);
        return drifted.Count == 0 ? dirty.Length : throw new LakehouseException(
            ErrorCodes.RetractionUnderflow,
            FormattableString.Invariant(
                $"Flow '{layout.Flow.Name}': {drifted.Count} groups of '{target.Table.Storage.Name}' remember other rows than the input holds. ")
            + "The Reconciler can repair the table.")
        {
            Flow = layout.Flow.Name,
            Table = target.Table.Storage.Name,
            Count = drifted.Count,
            SampleKeys = KeyText.Samples(GroupRows.Keys(layout, drifted, groups.Samples), layout.GroupPositions, Enumerable.Range(0, drifted.Count)),
        };
    }

    /// <summary>
    /// A condition that holds for all rows of the groups, so that files without them are not read; null when there are too many groups or the type has
    /// no plain literals. It may hold for other rows too: those are told apart by their keys.
    /// </summary>
    internal static Filter? FilterFor(RecordBatch keys)
    {
        if (keys.ColumnCount == 0 || keys.Length > MaxFiltered)
        {
            return null;
        }

        IArrowArray column = keys.Column(0);
        FilterColumn name = Filter.Column(keys.Schema.GetFieldByIndex(0).Name);
        object[] literals = new object[keys.Length];
        int used = 0;
        bool hasNull = false;
        for (int row = 0; row < keys.Length; row++)
        {
            if (GatherKernel.IsNull(column.Data, row))
            {
                hasNull = true;
            }
            else if (Literal(column, row) is { } literal)
            {
                literals[used++] = literal;
            }
            else
            {
                return null;
            }
        }

        Filter? among = used > 0 ? name.In(literals[..used]) : null;
        return hasNull ? (among is null ? name.IsNull() : among | name.IsNull()) : among;
    }

    private static object? Literal(IArrowArray column, int row) => column switch
    {
        StringArray strings => strings.GetString(row),
        Int8Array numbers => numbers.GetValue(row),
        Int16Array numbers => numbers.GetValue(row),
        Int32Array numbers => numbers.GetValue(row),
        Int64Array numbers => numbers.GetValue(row),
        BooleanArray marks => marks.GetValue(row),
        _ => null,
    };
}
