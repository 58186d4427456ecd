using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Scd2;

/// <summary>
/// The part of each key's history that a batch can change: from the last row that starts strictly before the key's first new event. What lies before
/// is settled, since a run begins at that row whatever comes after it.
/// </summary>
internal sealed class HistoryWindow
{
    /// <summary>Rows of the table by key, ascending by start.</summary>
    public required RowLocation[][] Rows { get; init; }

    /// <summary>Hidden records by key, in key order.</summary>
    public required StateRecord[][] Hidden { get; init; }

    public static HistoryWindow Find(MergeTarget target, ChangeBatch batch, FoldedChanges folded, ResolveMode mode)
    {
        RowLocation[][] rows = new RowLocation[folded.Count][];
        StateRecord[][] hidden = new StateRecord[folded.Count][];
        List<RowLocation> all = [];
        for (int key = 0; key < folded.Count; key++)
        {
            int first = folded.Events(key)[0];
            all.Clear();
            target.Index.Find(batch.KeyHashes[first], all);
            all.Sort((a, b) => target.Index.Start(a).SequenceCompareTo(target.Index.Start(b)) is int order and not 0 ? order : a.CompareTo(b));
            int anchor = mode == ResolveMode.Rebuild ? -1 : Anchor(target.Index, all, batch.Sequences[first]);
            rows[key] = [.. all[Math.Max(anchor, 0)..]];
            ReadOnlyMemory<byte> from = anchor < 0 ? ReadOnlyMemory<byte>.Empty : target.Index.Start(all[anchor]).ToArray();
            int keyLength = batch.Keys[first].Length;
            hidden[key] = [.. target.State.Find(batch.Keys[first]).Where(r => r.Key.Span[keyLength..].SequenceCompareTo(from.Span) >= 0)];
        }

        return new HistoryWindow { Rows = rows, Hidden = hidden };
    }

    /// <summary>Hidden records as events, in the order of <paramref name="records"/>.</summary>
    public static ChangeBatch ToEvents(MergeTarget target, IReadOnlyList<StateRecord> records)
    {
        RowRef[] refs = [.. records.Select(r => r.Row)];
        RecordBatch rows = InterleaveKernel.Interleave(target.State.Definition.Schema, target.State.Batches, refs);
        Int8Array kinds = (Int8Array)rows.Column(rows.Schema.PositionOf(MergeLayout.Kind));
        bool[] isDelete = new bool[rows.Length];
        ReadOnlySpan<sbyte> kind = kinds.Values;
        for (int row = 0; row < isDelete.Length; row++)
        {
            isDelete[row] = kind[row] == HiddenKind.Delete;
        }

        MergeLayout layout = target.Layout;
        RecordBatch data = new(layout.Data, layout.Data.FieldsList.Select(f => rows.Column(rows.Schema.PositionOf(f.Name))), rows.Length);
        GC.KeepAlive(kinds);
        return new ChangeBatch(data, isDelete, layout.Keys, layout.Sequence);
    }

    private static int Anchor(KeyIndex index, List<RowLocation> byStart, ReadOnlySpan<byte> firstNew)
    {
        int anchor = -1;
        for (int i = 0; i < byStart.Count && index.Start(byStart[i]).SequenceCompareTo(firstNew) < 0; i++)
        {
            anchor = i;
        }

        return anchor;
    }
}
