using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>Checks rows against a condition, and tells which rows break it.</summary>
internal static class ConditionCheck
{
    private const int MaxSamples = 10;
    private const int MaxSampleLength = 200;

    /// <exception cref="InvalidRowsException">Rows break the condition, or it has no result for one.</exception>
    public static void Check(RowCondition condition, string table, Schema schema, IReadOnlyList<RecordBatch> batches)
    {
        long broken = 0;
        List<string> samples = [];
        foreach (RecordBatch batch in batches)
        {
            bool[] holds = Evaluate(condition, table, batch);
            for (int row = 0; row < holds.Length; row++)
            {
                if (!holds[row])
                {
                    broken++;
                    if (samples.Count < MaxSamples)
                    {
                        samples.Add(Sample(condition, schema, batch, row));
                    }
                }
            }
        }

        if (broken > 0)
        {
            throw new InvalidRowsException(condition.ErrorCode, string.Create(
                CultureInfo.InvariantCulture,
                $"{broken} rows for '{table}' break {condition.Owner}, '{condition.Sql}'; the first is {samples[0]}. Nothing was written."))
            {
                Table = table,
                Count = broken,
                SampleKeys = samples,
            };
        }
    }

    private static bool[] Evaluate(RowCondition condition, string table, RecordBatch batch)
    {
        try
        {
            return condition.Condition.Holds(batch);
        }
        catch (InvalidRowsException error)
        {
            throw new InvalidRowsException(
                error.ErrorCode, $"Rows for '{table}' cannot be checked against {condition.Owner}, '{condition.Sql}': {error.Message} Nothing was written.", error)
            {
                Table = table,
            };
        }
        catch (UnsupportedFeatureException error)
        {
            throw new UnsupportedFeatureException(
                error.ErrorCode, $"Rows for '{table}' cannot be checked against {condition.Owner}, '{condition.Sql}': {error.Message} Nothing was written.", error)
            {
                Table = table,
            };
        }
    }

    // The columns the condition speaks of.
    private static string Sample(RowCondition condition, Schema schema, RecordBatch batch, int row)
    {
        string text = string.Join(", ", condition.Condition.Columns.Select(
            column => $"{schema.GetFieldByIndex(column).Name} = {CellText.Format(batch.Column(column), row)}"));
        return "(" + (text.Length <= MaxSampleLength ? text : text[..MaxSampleLength] + "…") + ")";
    }
}
