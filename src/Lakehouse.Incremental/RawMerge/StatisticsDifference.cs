using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Tells without reading that updated rows differ from what they were: a new value that lies outside of a file's bounds is none the file holds. So it is with
/// a number or a time that grows with each change.
/// </summary>
/// <param name="after">The version that is merged into, with the columns it will have.</param>
/// <param name="target">The rows that are looked at.</param>
internal sealed class StatisticsDifference(Snapshot after, TargetMatches target)
{
    // Of a column that tells nothing about so many rows, the others are not asked.
    private const int Samples = 16;

    /// <param name="update">Rows that are updated; those that are sure to differ are marked.</param>
    /// <param name="columns">Columns that get values.</param>
    public void Mark(UpdatedRows update, IEnumerable<int> columns)
    {
        int[] tried = [.. columns];
        foreach ((AddFile file, int first, int count) in target.ByFile(update.Rows.TargetRows))
        {
            JsonObject? statistics = StatisticsJson.Parse(file.Stats);
            foreach (int column in tried)
            {
                ColumnBounds bounds = FilterPruner.Bounds(after, file, statistics, after.Schema.GetFieldByIndex(column).Name);
                if (Outside(update.Columns[column]!, Sample(first, count), bounds).Contains(true))
                {
                    int[] open = RowMarks.Positions(update.Changed.AsSpan(first, count), marked: false);
                    bool[] tells = Outside(update.Columns[column]!, System.Array.ConvertAll(open, i => first + i), bounds);
                    for (int i = 0; i < open.Length; i++)
                    {
                        update.Changed[first + open[i]] = tells[i];
                    }
                }
            }
        }
    }

    private static int[] Sample(int first, int count)
    {
        int samples = Math.Min(Samples, count);
        return System.Array.ConvertAll(JoinedRows.All(samples), i => first + (int)((long)i * count / samples));
    }

    private static bool[] Outside(IArrowArray values, int[] rows, ColumnBounds bounds)
    {
        bool[] outside = new bool[rows.Length];
        if (bounds is { MayBeNull: true, MayBeValue: true, Min: null, Max: null })
        {
            return outside;
        }

        IArrowArray taken = TakeKernel.Take(values, rows);
        RecordBatch batch = new(new Schema([new Field("v", taken.Data.DataType, true)], null), [taken], rows.Length);
        EncodedRows encoded = new RowEncoder([taken.Data.DataType]).Encode(batch, [0]);
        for (int i = 0; i < rows.Length; i++)
        {
            outside[i] = GatherKernel.IsNull(taken.Data, i)
                ? !bounds.MayBeNull
                : !bounds.MayBeValue
                    || (bounds.Min is { } min && encoded[i].SequenceCompareTo(min) < 0)
                    || (bounds.Max is { } max && encoded[i].SequenceCompareTo(max) > 0);
        }

        return outside;
    }
}
