using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.SourceSnapshots;

/// <summary>
/// What a snapshot says that the target does not. Rows that are newer than the version tell nothing of it, so what the snapshot says of their keys is always an event, and
/// the order of events decides: else the table would depend on whether the snapshot came before them.
/// </summary>
internal sealed class SnapshotComparison
{
    private readonly MergeTarget _target;
    private readonly SnapshotRows _rows;
    private readonly ChangeBatch _clock;
    private readonly bool[] _unchanged;
    private readonly List<RecordBatch> _absent = [];

    private SnapshotComparison(MergeTarget target, SnapshotRows rows, ChangeBatch clock)
    {
        (_target, _rows, _clock) = (target, rows, clock);
        _unchanged = new bool[rows.Batch.Count];
    }

    /// <summary>Living rows of the target in scope.</summary>
    public long InScope { get; private set; }

    /// <summary>Those of them that are not newer than the snapshot, and which it does not have.</summary>
    public long Deleted { get; private set; }

    /// <summary>The keys that it does not have.</summary>
    public RecordBatch Absent => ConcatKernel.Concat(_target.Layout.KeySchema, _absent);

    /// <param name="target">The table.</param>
    /// <param name="rows">The rows of the snapshot.</param>
    /// <param name="clock">One row at the place of the version in the order.</param>
    /// <param name="living">The rows of the table that the snapshot speaks of.</param>
    /// <param name="cancellationToken">Cancels between files.</param>
    public static async Task<SnapshotComparison> OfAsync(
        MergeTarget target, SnapshotRows rows, ChangeBatch clock, LivingRows living, CancellationToken cancellationToken)
    {
        SnapshotComparison comparison = new(target, rows, clock);
        IEnumerable<int> told = target.Layout.Rest.Where(column => Enumerable.Range(0, rows.Batch.Count).Any(row => rows.Batch.Sets(row, column)));
        await foreach (RecordBatch part in living.ReadAsync(told, cancellationToken).ConfigureAwait(false))
        {
            comparison.Add(part);
        }

        return comparison;
    }

    /// <summary>The events that bring the target to the snapshot: upserts of what is new or differs, and deletes of what is absent.</summary>
    public NormalizedEvents ToEvents()
    {
        MergeLayout layout = _target.Layout;
        RecordBatch keys = Absent;
        RecordBatch places = TakeKernel.Take(_clock.Rows, new int[keys.Length]);
        IArrowArray[] columns = [.. places.Arrays];
        for (int i = 0; i < layout.Keys.Length; i++)
        {
            columns[layout.Keys[i]] = keys.Column(i);
        }

        ChangeBatch deletes = new(layout, new RecordBatch(layout.Data, columns, keys.Length), [.. Enumerable.Repeat(EventKind.Delete, keys.Length)]);
        return _rows.Events with { Batch = ChangeBatch.Concat(layout, [_rows.Batch.Where(row => !_unchanged[row]), deletes]) };
    }

    private void Add(RecordBatch data)
    {
        MergeLayout layout = _target.Layout;
        EncodedRows orders = SequenceEncoding.Encode(data, layout.Order);
        int?[] found = [.. KeyHash.Of(SequenceEncoding.Encode(data, layout.Keys)).Select(_rows.Find)];
        bool IsNewer(int row) => orders[row].SequenceCompareTo(_clock.Orders[0]) > 0;
        int[] absent = [.. Enumerable.Range(0, data.Length).Where(row => found[row] is null)];
        InScope += data.Length;
        Deleted += absent.Count(row => !IsNewer(row));
        _absent.Add(new RecordBatch(layout.KeySchema, layout.Keys.Select(key => TakeKernel.Take(data.Column(key), absent)), absent.Length));

        int[] known = [.. Enumerable.Range(0, data.Length).Where(row => found[row] >= 0 && !IsNewer(row))];
        int[] given = [.. known.Select(row => found[row]!.Value)];
        UInt128[] digests = EventDigest.Compute(AtVersion(TakeKernel.Take(data, known)), _rows.Batch.Presence?.Take(given));
        for (int i = 0; i < given.Length; i++)
        {
            _unchanged[given[i]] = digests[i] == _rows.Batch.Digests[given[i]];
        }
    }

    /// <summary>Rows as they would be events of the snapshot.</summary>
    private RecordBatch AtVersion(RecordBatch data)
    {
        IArrowArray[] columns = [.. data.Arrays];
        columns[_target.Layout.Order[0]] = TakeKernel.Take(_clock.Rows.Column(_target.Layout.Order[0]), new int[data.Length]);
        return new RecordBatch(data.Schema, columns, data.Length);
    }
}
