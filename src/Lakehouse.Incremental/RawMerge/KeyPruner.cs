using System.Text.Json.Nodes;
using Apache.Arrow;
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
    // Up to so many files are told faster by looking at all values than by sorting them.
    private const int FewFiles = 16;

    private readonly Snapshot _snapshot;
    private readonly List<(string Column, ValueRange Values, bool NullMatches)> _columns = [];
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

                // Of a wider integer type, values that the column cannot hold match nothing.
                ValueRange range = new(LosslessCast.Cast(values, column.DataType).Array, snapshot.FileCount > FewFiles);
                _columns.Add((column.Name, range, keys[i].NullSafe && values.NullCount > 0));
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

    private static bool MayMatch(ColumnBounds bounds, ValueRange values, bool nullMatches) =>
        (nullMatches && bounds.MayBeNull) || (bounds.MayBeValue && values.HasBetween(bounds.Min, bounds.Max));
}
