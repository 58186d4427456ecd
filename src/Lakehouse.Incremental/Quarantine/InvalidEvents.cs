using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Quarantine;

/// <summary>Collects the first reason for which each row of a batch cannot be merged (semantics 2.8 to 2.11).</summary>
internal sealed class InvalidEvents(int rows)
{
    private readonly string?[] _codes = new string?[rows];
    private readonly string[] _columns = new string[rows];

    public int Count { get; private set; }

    /// <summary>For each row whether it can be merged.</summary>
    public bool[] Valid => [.. _codes.Select(static code => code is null)];

    public void Add(int row, string code, string column)
    {
        if (_codes[row] is null)
        {
            (_codes[row], _columns[row]) = (code, column);
            Count++;
        }
    }

    /// <summary>Values that a column of the target cannot hold without loss.</summary>
    public void AddLossy(bool[]? failed, string column)
    {
        for (int row = 0; failed is not null && row < failed.Length; row++)
        {
            if (failed[row])
            {
                Add(row, ErrorCodes.LossyCast, column);
            }
        }
    }

    /// <summary>Keys and sequences that name no row, or no place in the order.</summary>
    public void AddNameless(MergeLayout layout, RecordBatch data)
    {
        for (int row = 0; row < data.Length; row++)
        {
            foreach (int key in layout.Keys.Where(key => data.Column(key).IsNull(row)))
            {
                Add(row, ErrorCodes.NullKey, layout.Data.GetFieldByIndex(key).Name);
            }

            foreach (int part in layout.Sequence)
            {
                IArrowArray values = data.Column(part);
                string column = layout.Data.GetFieldByIndex(part).Name;
                if (values.IsNull(row))
                {
                    Add(row, ErrorCodes.NullSequence, column);
                }
                else if (IsNaN(values, row))
                {
                    Add(row, ErrorCodes.NonOrderableSequence, column);
                }
            }
        }
    }

    public RejectedEvents Of(RecordBatch events) => new(
        events,
        [.. Enumerable.Range(0, _codes.Length).Where(row => _codes[row] is not null).Select(row => new Rejection(row, _codes[row]!, _columns[row]))]);

    public static bool IsNaN(IArrowArray array, int row) => array switch
    {
        DoubleArray doubles => double.IsNaN(doubles.Values[row]),
        FloatArray floats => float.IsNaN(floats.Values[row]),
        _ => false,
    };
}
