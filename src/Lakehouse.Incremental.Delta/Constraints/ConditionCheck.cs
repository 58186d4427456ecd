using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>Checks rows against a condition, and tells which rows break it.</summary>
/// <param name="condition">The condition.</param>
/// <param name="table">The table, for messages.</param>
internal sealed class ConditionCheck(RowCondition condition, string table)
{
    private const int MaxSamples = 10;
    private const int MaxSampleLength = 200;

    private readonly List<string> _samples = [];
    private long _broken;

    /// <exception cref="InvalidRowsException">The condition has no result for a row.</exception>
    public void Add(RecordBatch batch)
    {
        bool[] holds = Evaluate(batch);
        for (int row = 0; row < holds.Length; row++)
        {
            if (!holds[row])
            {
                _broken++;
                if (_samples.Count < MaxSamples)
                {
                    _samples.Add(Sample(batch, row));
                }
            }
        }
    }

    /// <exception cref="InvalidRowsException">Rows that were added break the condition.</exception>
    public void ThrowIfBroken()
    {
        if (_broken > 0)
        {
            throw new InvalidRowsException(condition.ErrorCode, string.Create(
                CultureInfo.InvariantCulture,
                $"{_broken} rows of '{table}' break {condition.Owner}, '{condition.Sql}'; the first is {_samples[0]}. Nothing was written."))
            {
                Table = table,
                Count = _broken,
                SampleKeys = _samples,
            };
        }
    }

    private bool[] Evaluate(RecordBatch batch)
    {
        try
        {
            return condition.Condition.Holds(batch);
        }
        catch (InvalidRowsException error)
        {
            throw new InvalidRowsException(error.ErrorCode, WithoutResult(error), error)
            {
                Table = table,
            };
        }
        catch (UnsupportedFeatureException error)
        {
            throw new UnsupportedFeatureException(error.ErrorCode, WithoutResult(error), error)
            {
                Table = table,
            };
        }
    }

    private string WithoutResult(LakehouseException error) =>
        $"Rows of '{table}' cannot be checked against {condition.Owner}, '{condition.Sql}': {error.Message} Nothing was written.";

    // The columns the condition speaks of.
    private string Sample(RecordBatch batch, int row)
    {
        string text = string.Join(", ", condition.Condition.Columns.Select(
            column => $"{batch.Schema.GetFieldByIndex(column).Name} = {CellText.Format(batch.Column(column), row)}"));
        return "(" + (text.Length <= MaxSampleLength ? text : text[..MaxSampleLength] + "…") + ")";
    }
}
