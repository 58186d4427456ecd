using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Tells which files cannot hold a row that matches a source row: those where no source value lies between the least and the greatest value of a
/// column. What is not known may match.
/// </summary>
internal sealed class KeyPruner
{
    private readonly Snapshot _snapshot;
    private readonly List<(string Column, byte[][] Values, bool NullMatches)> _columns = [];
    private readonly bool _nothingMatches;

    public KeyPruner(Snapshot snapshot, IReadOnlyList<JoinKey> keys, SourceIndex source)
    {
        _snapshot = snapshot;
        _nothingMatches = !source.HasKeys;
        for (int i = 0; i < keys.Count && !_nothingMatches; i++)
        {
            if (keys[i].TargetColumn is { } position)
            {
                Field column = snapshot.Schema.GetFieldByIndex(position);
                IArrowArray values = source.Keys.Column(i);
                _columns.Add((column.Name, Values(values, column.DataType), keys[i].NullSafe && values.NullCount > 0));
            }
        }
    }

    public bool MayMatch(AddFile file)
    {
        if (_nothingMatches)
        {
            return false;
        }

        JsonObject? stats = _columns.Count == 0 ? null : StatisticsJson.Parse(file.Stats);
        return _columns.TrueForAll(key => MayMatch(FilterPruner.Bounds(_snapshot, file, stats, key.Column), key.Values, key.NullMatches));
    }

    private static bool MayMatch(ColumnBounds bounds, byte[][] values, bool nullMatches)
    {
        if (nullMatches && bounds.MayBeNull)
        {
            return true;
        }

        int least = bounds.Min is null ? 0 : LowerBound(values, bounds.Min);
        return bounds.MayBeValue && least < values.Length && (bounds.Max is null || values[least].AsSpan().SequenceCompareTo(bounds.Max) <= 0);
    }

    private static int LowerBound(byte[][] values, byte[] least)
    {
        int low = 0;
        int high = values.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = values[middle].AsSpan().SequenceCompareTo(least) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    // Of a wider integer type, values that the column cannot hold match nothing.
    private static byte[][] Values(IArrowArray source, IArrowType type)
    {
        IArrowArray values = LosslessCast.Cast(source, type).Array;
        RecordBatch batch = new(new Schema([new Field("v", type, true)], null), [values], values.Length);
        EncodedRows encoded = new RowEncoder([type]).Encode(batch, [0]);
        HashSet<byte[]> distinct = new(ByteComparer.Instance);
        HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> lookup = distinct.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int row = 0; row < values.Length; row++)
        {
            if (!values.IsNull(row))
            {
                lookup.Add(encoded[row]);
            }
        }

        byte[][] sorted = [.. distinct];
        System.Array.Sort(sorted, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return sorted;
    }
}
