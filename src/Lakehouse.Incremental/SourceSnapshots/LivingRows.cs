using System.Runtime.CompilerServices;
using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.SourceSnapshots;

/// <summary>The rows of a target that show the present of a key which is not deleted, within a scope. Files that cannot hold such a row are not read.</summary>
internal sealed class LivingRows(MergeTarget target, Filter? scope)
{
    private readonly Filter? _filter = Living(target.Flow) is not { } living ? scope : scope is null ? living : scope & living;

    /// <summary>The data columns of the rows, in the order of the table's files.</summary>
    /// <param name="values">The positions of the columns that are wanted beside key and sequence; others may be null.</param>
    /// <param name="cancellationToken">Cancels between files.</param>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(IEnumerable<int> values, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MergeLayout layout = target.Layout;
        FilterPruner? pruner = _filter is null ? null : new FilterPruner(_filter, target.Snapshot);
        HashSet<string> names = new(layout.Keys.Concat(layout.Order).Concat(values).Select(at => layout.Data.GetFieldByIndex(at).Name).Concat(_filter?.Columns ?? []), StringComparer.Ordinal);
        Schema columns = new([.. layout.Table.FieldsList.Where(field => names.Contains(field.Name))], null);
        Dictionary<UInt128, byte[]> ignored = IgnoredDeletes();
        foreach (AddFile file in target.Snapshot.Files.Where(file => pruner?.CanSkip(file) != true))
        {
            DeletionVector deleted = await target.Table.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
            await foreach (FileBatch part in target.Table.Reader.ReadAsync(target.Snapshot, file, columns, cancellationToken).ConfigureAwait(false))
            {
                bool[] keep = _filter is null ? [.. Enumerable.Repeat(true, part.Batch.Length)] : FilterEvaluator.Evaluate(_filter, part.Batch);
                deleted.MarkDeleted(part.FirstRow, keep);
                RecordBatch rows = FilterKernel.Filter(ToData(layout.Data, part.Batch), keep);
                yield return ignored.Count == 0 ? rows : Without(ignored, rows);
            }
        }
    }

    private static RecordBatch ToData(Schema data, RecordBatch rows) => new(
        data,
        data.FieldsList.Select(field => rows.Schema.PositionOf(field.Name) is int at and >= 0 ? rows.Column(at) : NullArrays.Create(field.DataType, rows.Length)),
        rows.Length);

    private static Filter? Living(MergeConfiguration flow)
    {
        Filter? living = flow.IsHistory ? Filter.Column(flow.History.End).IsNull() : null;
        if (flow.DeleteMode == DeleteMode.Soft)
        {
            FilterColumn mark = Filter.Column(flow.IsHistory ? flow.History.IsDeleted : TargetColumns.IsDeleted);
            Filter unmarked = mark.IsNull() | mark.EqualTo(false);
            living = living is null ? unmarked : living & unmarked;
        }

        return living;
    }

    /// <summary>Where deletes are ignored the row stays, and only the state tells that its key is deleted: the latest delete of each key.</summary>
    private Dictionary<UInt128, byte[]> IgnoredDeletes()
    {
        Dictionary<UInt128, byte[]> latest = [];
        if (target.Flow.DeleteMode == DeleteMode.Ignore)
        {
            ChangeBatch deletes = EventRecords.ToEvents(target, [.. target.State.All.Where(r => EventRecords.KindOf(target.State, r) == EventKind.Delete)]);
            for (int row = 0; row < deletes.Count; row++)
            {
                if (!latest.TryGetValue(deletes.KeyHashes[row], out byte[]? former) || deletes.Orders[row].SequenceCompareTo(former) > 0)
                {
                    latest[deletes.KeyHashes[row]] = deletes.Orders[row].ToArray();
                }
            }
        }

        return latest;
    }

    private RecordBatch Without(Dictionary<UInt128, byte[]> deletes, RecordBatch rows)
    {
        UInt128[] keys = KeyHash.Of(SequenceEncoding.Encode(rows, target.Layout.Keys));
        EncodedRows orders = SequenceEncoding.Encode(rows, target.Layout.Order);
        int least = target.Flow.DeleteWinsTies ? 0 : 1;
        return FilterKernel.Filter(rows, [.. keys.Select((key, row) => !deletes.TryGetValue(key, out byte[]? at) || Math.Sign(at.AsSpan().SequenceCompareTo(orders[row])) < least)]);
    }
}
