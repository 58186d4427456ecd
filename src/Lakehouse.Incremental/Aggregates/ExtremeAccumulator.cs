using Apache.Arrow;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>
/// The least or greatest value of a group and how many copies of it there are (semantics 2.26). Retracting another value costs nothing; retracting the
/// last copy makes the group dirty.
/// </summary>
internal sealed class ExtremeAccumulator(bool greatest) : IMeasureAccumulator
{
    private byte[]? _extreme;

    public long Values { get; private set; }

    /// <summary>Rows that hold the extreme.</summary>
    public long Copies { get; private set; }

    public bool IsDirty => Values > 0 && Copies == 0;

    /// <summary>Where the extreme can be read; null when there is none.</summary>
    public (IArrowArray Array, int Row)? Source { get; private set; }

    public void Add(MeasureInput input, int row, int sign)
    {
        Values += sign;
        ReadOnlySpan<byte> value = input.Ordered(row);
        int order = _extreme is null ? 1 : value.SequenceCompareTo(_extreme) * (greatest ? 1 : -1);
        if (order == 0)
        {
            Copies += sign;
        }
        else if (order > 0 && sign > 0)
        {
            Set(input, row, 1);
        }
        else if (order > 0)
        {
            // A value beyond the extreme was never added: the group cannot be told from what is remembered.
            Copies = 0;
        }

        if (Values == 0)
        {
            Reset();
        }
    }

    public void Restore(long values, long copies, MeasureInput state, int row)
    {
        Reset();
        if (values > 0)
        {
            Set(state, row, copies);
            Values = values;
        }
    }

    public void Reset()
    {
        Values = 0;
        Copies = 0;
        _extreme = null;
        Source = null;
    }

    private void Set(MeasureInput input, int row, long copies)
    {
        _extreme = input.Ordered(row).ToArray();
        Source = (input.Array, row);
        Copies = copies;
    }
}
