using System.Runtime.InteropServices;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>Continues groups from their state records. Only the records of these groups are read.</summary>
internal static class GroupRecords
{
    public static void Restore(AggregateLayout layout, StateSet? state, IReadOnlyList<Group> groups)
    {
        List<Group> remembered = [];
        List<RowRef> rows = [];
        foreach (Group group in groups)
        {
            if (state?.Find(group.Key) is [{ } record, ..])
            {
                remembered.Add(group);
                rows.Add(record.Row);
            }
        }

        if (remembered.Count == 0)
        {
            return;
        }

        RecordBatch records = InterleaveKernel.Interleave(layout.State.Schema, state!.Batches, CollectionsMarshal.AsSpan(rows));
        ReadOnlySpan<long> counts = Longs(records, AggregateLayout.Rows);
        for (int i = 0; i < remembered.Count; i++)
        {
            remembered[i].RestoreRows(counts[i]);
        }

        for (int m = 0; m < layout.Flow.Measures.Count; m++)
        {
            switch (layout.Flow.Measures[m].Kind)
            {
                case MeasureKind.Count:
                    break;
                case MeasureKind.Sum:
                    RestoreSums(records, remembered, m);
                    break;
                default:
                    RestoreExtremes(records, remembered, m);
                    break;
            }
        }
    }

    private static void RestoreSums(RecordBatch records, List<Group> groups, int measure)
    {
        ReadOnlySpan<long> values = Longs(records, AggregateLayout.ValuesOf(measure));
        BinaryArray sums = (BinaryArray)Column(records, AggregateLayout.SumOf(measure));
        for (int i = 0; i < groups.Count; i++)
        {
            ((SumAccumulator)groups[i].Measures[measure]!).Restore(values[i], sums.GetBytes(i, out _));
        }
    }

    private static void RestoreExtremes(RecordBatch records, List<Group> groups, int measure)
    {
        ReadOnlySpan<long> values = Longs(records, AggregateLayout.ValuesOf(measure));
        ReadOnlySpan<long> copies = Longs(records, AggregateLayout.CopiesOf(measure));
        MeasureInput extremes = new(records, records.Schema.PositionOf(AggregateLayout.ExtremeOf(measure)), ordered: true);
        for (int i = 0; i < groups.Count; i++)
        {
            ((ExtremeAccumulator)groups[i].Measures[measure]!).Restore(values[i], copies[i], extremes, i);
        }
    }

    private static ReadOnlySpan<long> Longs(RecordBatch records, string column) => ((Int64Array)Column(records, column)).Values;

    private static IArrowArray Column(RecordBatch records, string column) => records.Column(records.Schema.PositionOf(column));
}
