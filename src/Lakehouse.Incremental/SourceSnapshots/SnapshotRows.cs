using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.SourceSnapshots;

/// <summary>The rows of a snapshot in the target's types, found by the hashes of their keys.</summary>
internal sealed class SnapshotRows
{
    /// <summary>A key that the snapshot has, with a row that was set apart.</summary>
    public const int SetApart = -1;

    private readonly Dictionary<UInt128, int> _rowByKey;

    private SnapshotRows(NormalizedEvents events, Dictionary<UInt128, int> rowByKey) => (Events, _rowByKey) = (events, rowByKey);

    public NormalizedEvents Events { get; }

    public ChangeBatch Batch => Events.Batch;

    /// <summary>The row of a key in <see cref="Batch"/>, or <see cref="SetApart"/>; null when the snapshot does not have the key.</summary>
    public int? Find(UInt128 key) => _rowByKey.TryGetValue(key, out int row) ? row : null;

    /// <exception cref="InvalidRowsException">A key comes twice, a row lies outside of the scope, or the rows break a rule for events.</exception>
    public static SnapshotRows Of(MergeTarget target, SourceSnapshot snapshot)
    {
        NormalizedEvents events = ChangeNormalizer.Normalize(target.Flow, target.Layout, target.Table.Storage.Name, snapshot.Rows, snapshot.Name, isState: true);
        CheckScope(target, snapshot, events.Batch);
        Dictionary<UInt128, int> rowByKey = [];
        List<string> repeated = [];
        int count = 0;
        for (int row = 0; row < events.Batch.Count; row++)
        {
            Add(events.Batch.KeyHashes[row], row, events.Batch.Rows, target.Layout.Keys, row);
        }

        // Of a row that was set apart the key is known all the same: it is not absent.
        foreach (RejectedEvents part in events.Rejected)
        {
            RecordBatch keys = KeysOf(target, part);
            int[] columns = [.. Enumerable.Range(0, keys.ColumnCount)];
            UInt128[] hashes = KeyHash.Of(SequenceEncoding.Encode(keys, columns));
            for (int i = 0; i < hashes.Length; i++)
            {
                Add(hashes[i], SetApart, keys, columns, i);
            }
        }

        return count == 0 ? new SnapshotRows(events, rowByKey) : throw SnapshotErrors.OfRows(
            ErrorCodes.SnapshotDuplicateKey, target.Flow, target.Table.Storage.Name, snapshot.Version, "rows have a key that another row has", count, repeated);

        void Add(UInt128 key, int row, RecordBatch rows, int[] columns, int at)
        {
            if (!rowByKey.TryAdd(key, row))
            {
                count++;
                repeated.AddRange(repeated.Count < KeyText.MaxSamples ? [KeyText.Of(rows, columns, at)] : []);
            }
        }
    }

    /// <summary>The keys of rows that were set apart, without those that can be no key of the target.</summary>
    private static RecordBatch KeysOf(MergeTarget target, RejectedEvents part)
    {
        Schema schema = target.Layout.KeySchema;
        int[] rows = [.. part.Rejections.Select(static rejection => rejection.Row)];
        CastResult[] keys = [.. schema.FieldsList.Select(key => LosslessCast.Cast(TakeKernel.Take(part.Events.Column(part.Events.Schema.PositionOf(key.Name)), rows), key.DataType))];
        bool IsKey(int row) => System.Array.TrueForAll(keys, key => key.Failed?[row] != true && (target.Flow.NullSafeKeys || !key.Array.IsNull(row)));
        return FilterKernel.Filter(new RecordBatch(schema, keys.Select(static key => key.Array), rows.Length), [.. Enumerable.Range(0, rows.Length).Select(IsKey)]);
    }

    private static void CheckScope(MergeTarget target, SourceSnapshot snapshot, ChangeBatch rows)
    {
        bool[] inScope = snapshot.Options.Scope is { } scope ? FilterEvaluator.Evaluate(scope, rows.Rows) : [];
        int[] outside = [.. Enumerable.Range(0, inScope.Length).Where(row => !inScope[row])];
        if (outside.Length > 0)
        {
            throw SnapshotErrors.OfRows(
                ErrorCodes.SnapshotOutOfScope, target.Flow, target.Table.Storage.Name, snapshot.Version, "rows lie outside of the scope", outside.Length,
                KeyText.Samples(rows.Rows, target.Layout.Keys, outside));
        }
    }
}
