using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>Tells which files cannot hold a row for which a filter is true, by partition values and statistics. What is not known may match.</summary>
internal sealed class FilterPruner
{
    private readonly Filter _filter;
    private readonly Snapshot _snapshot;
    private readonly Dictionary<ComparisonFilter, byte[]?> _literals = [];
    private readonly Dictionary<InFilter, LiteralSet> _lists = [];

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: a column is missing, or a literal does not fit.</exception>
    public FilterPruner(Filter filter, Snapshot snapshot)
    {
        _filter = filter;
        _snapshot = snapshot;
        Prepare(filter);
    }

    public bool CanSkip(AddFile file)
    {
        JsonObject? stats = StatisticsJson.Parse(file.Stats);
        return !May(_filter, true, name => Bounds(_snapshot, file, stats, name));
    }

    private void Prepare(Filter filter)
    {
        switch (filter)
        {
            case JunctionFilter junction:
                Prepare(junction.Left);
                Prepare(junction.Right);
                break;
            case NotFilter not:
                Prepare(not.Inner);
                break;
            case NullFilter isNull:
                FilterEvaluator.Position(_snapshot.Schema, isNull.Name);
                break;
            case ComparisonFilter comparison:
                int position = FilterEvaluator.Position(_snapshot.Schema, comparison.Name);
                _literals[comparison] = FilterLiteral.Encode(comparison.Literal, _snapshot.Schema.GetFieldByIndex(position));
                break;
            case InFilter list:
                _lists[list] = new LiteralSet(list, _snapshot.Schema.GetFieldByIndex(FilterEvaluator.Position(_snapshot.Schema, list.Name)));
                break;
            default:
                break;
        }
    }

    /// <summary>Whether some row may make the filter true, or false.</summary>
    private bool May(Filter filter, bool outcome, Func<string, ColumnBounds> bounds) => filter switch
    {
        JunctionFilter j => j.IsAnd == outcome
            ? May(j.Left, outcome, bounds) && May(j.Right, outcome, bounds)
            : May(j.Left, outcome, bounds) || May(j.Right, outcome, bounds),
        NotFilter not => May(not.Inner, !outcome, bounds),
        NullFilter isNull => outcome ? bounds(isNull.Name).MayBeNull : bounds(isNull.Name).MayBeValue,
        ComparisonFilter c => _literals[c] is { } literal && bounds(c.Name).MayHold(outcome ? c.Comparison : Opposite(c.Comparison), literal),
        InFilter list => _lists[list].May(outcome, bounds(list.Name)),
        _ => true,
    };

    private static Comparison Opposite(Comparison comparison) => comparison switch
    {
        Comparison.Equal => Comparison.NotEqual,
        Comparison.NotEqual => Comparison.Equal,
        Comparison.LessThan => Comparison.GreaterThanOrEqual,
        Comparison.LessThanOrEqual => Comparison.GreaterThan,
        Comparison.GreaterThan => Comparison.LessThanOrEqual,
        _ => Comparison.LessThan,
    };

    /// <summary>What partition values or statistics tell of a column in a file.</summary>
    public static ColumnBounds Bounds(Snapshot snapshot, AddFile file, JsonObject? stats, string name)
    {
        Field field = snapshot.Schema.GetFieldByIndex(snapshot.Schema.PositionOf(name));
        if (snapshot.PartitionColumns.Contains(name, StringComparer.Ordinal))
        {
            string? text = snapshot.PartitionValue(file.PartitionValues, name);
            byte[]? value = string.IsNullOrEmpty(text) ? null : FilterLiteral.Encode(PartitionValues.Materialize(text, field, 1));
            return new ColumnBounds(MayBeNull: value is null, MayBeValue: value is not null, value, value);
        }

        return StatisticsBounds.Of(stats, snapshot.Mapping.PhysicalName(name), field.DataType);
    }
}
