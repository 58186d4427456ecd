using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
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
        return !May(_filter, true, name => Bounds(file, stats, name));
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

    private ColumnBounds Bounds(AddFile file, JsonObject? stats, string name)
    {
        Field field = _snapshot.Schema.GetFieldByIndex(_snapshot.Schema.PositionOf(name));
        if (_snapshot.PartitionColumns.Contains(name, StringComparer.Ordinal))
        {
            string? text = file.PartitionValues.GetValueOrDefault(name);
            byte[]? value = string.IsNullOrEmpty(text) ? null : FilterLiteral.Encode(PartitionValues.Materialize(text, field, 1));
            return new ColumnBounds(MayBeNull: value is null, MayBeValue: value is not null, value, value);
        }

        long? rows = StatisticsJson.Number(stats?["numRecords"]);
        long? nulls = StatisticsJson.Number((stats?["nullCount"] as JsonObject)?[name]);
        bool tight = stats?["tightBounds"] is not JsonValue flag || !flag.TryGetValue(out bool isTight) || isTight;

        // With wide bounds a number of nulls says something only when it is none or all.
        bool mayBeNull = nulls is null || nulls > 0 || (!tight && nulls != 0);
        bool mayBeValue = nulls is null || rows is null || nulls < rows;
        byte[]? min = Bound((stats?["minValues"] as JsonObject)?[name], field, isMax: false);
        byte[]? max = field.DataType is FloatType or DoubleType ? null : Bound((stats?["maxValues"] as JsonObject)?[name], field, isMax: true);
        return new ColumnBounds(mayBeNull, mayBeValue, min, max);
    }

    /// <summary>The upper bound of floating-point columns is not used: a NaN, greater than all, may be there although it is not in the statistics.</summary>
    private static byte[]? Bound(JsonNode? value, Field field, bool isMax)
    {
        if (value is not JsonValue)
        {
            return null;
        }

        try
        {
            string text = value is JsonValue json && json.TryGetValue(out string? s) ? s : value.ToJsonString();
            object parsed = field.DataType is Decimal128Type or FloatType or DoubleType || !text.Contains('E', StringComparison.OrdinalIgnoreCase) || field.DataType is StringType or TimestampType
                ? PartitionValues.Parse(text, field.DataType)
                : throw new FormatException(text);
            if (parsed is double.NaN or float.NaN)
            {
                return null;
            }

            if (isMax && field.DataType is TimestampType)
            {
                // Writers cut timestamps to milliseconds, downwards.
                parsed = (long)parsed > long.MaxValue - 999 ? long.MaxValue : (long)parsed + 999;
            }

            return FilterLiteral.Encode(Columnar.ConstantArray.Create(field.DataType, parsed, 1));
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            // Statistics that make no sense say nothing.
            return null;
        }
    }
}
