namespace Lakehouse.Incremental.Aggregates;

/// <summary>
/// The least or greatest value of a group and how many rows hold it (semantics 2.26); while a batch is worked on, also the next best values it
/// brought, so that what enters and leaves within the batch does not matter. Retracting another value costs nothing; when the last known one is
/// retracted and others are left, the group is dirty.
/// </summary>
/// <param name="greatest">True for the greatest value, false for the least.</param>
/// <param name="maxKnown">How many values are known at most; one is enough where nothing is retracted.</param>
internal sealed class ExtremeAccumulator(bool greatest, int maxKnown = ExtremeAccumulator.MaxKnown) : IMeasureAccumulator
{
    private const int MaxKnown = 8;

    // Best first. All rows whose value is not worse than the last of these are counted here.
    private readonly List<ExtremeValue> _known = new(1);
    private long _knownCopies;
    private bool _missed;

    public long Values { get; private set; }

    public bool IsDirty => _known.Count == 0 && Values > 0;

    public bool IsUnderflown => _missed || Values < _knownCopies;

    /// <summary>The extreme; null when there is no value or the group is dirty.</summary>
    public ExtremeValue? Best => _known.Count == 0 ? null : _known[0];

    /// <summary>Rows that hold the extreme.</summary>
    public long Copies => Best?.Copies ?? 0;

    public void Add(MeasureInput input, int row, int sign)
    {
        ReadOnlySpan<byte> value = input.Ordered(row);
        bool othersUnknown = Values > _knownCopies;
        Values += sign;
        if (_known.Count == 0 || IsWorse(value, _known[^1].Key))
        {
            if (sign > 0 && !othersUnknown && _known.Count < maxKnown)
            {
                Insert(_known.Count, input, row, value);
            }

            return;
        }

        int position = 0;
        while (IsWorse(value, _known[position].Key))
        {
            position++;
        }

        if (!value.SequenceEqual(_known[position].Key))
        {
            _missed |= sign < 0;
            if (sign > 0)
            {
                Insert(position, input, row, value);
            }

            return;
        }

        _known[position].Copies += sign;
        _knownCopies += sign;
        if (_known[position].Copies == 0)
        {
            _known.RemoveAt(position);
        }
    }

    /// <summary>Goes on from what the state remembers.</summary>
    public void Restore(long values, long copies, MeasureInput extremes, int row)
    {
        Reset();
        if (values > 0)
        {
            Insert(0, extremes, row, extremes.Ordered(row));
            _known[0].Copies = copies;
            (_knownCopies, Values) = (copies, values);
        }
    }

    public void Reset()
    {
        _known.Clear();
        _knownCopies = 0;
        _missed = false;
        Values = 0;
    }

    private void Insert(int position, MeasureInput input, int row, ReadOnlySpan<byte> value)
    {
        ExtremeValue entry = new(value.ToArray(), input.Array, row, 1);
        input.Refer(entry);
        _known.Insert(position, entry);
        _knownCopies++;
        if (_known.Count > maxKnown)
        {
            _knownCopies -= _known[^1].Copies;
            _known[^1].Copies = 0;
            _known.RemoveAt(_known.Count - 1);
        }
    }

    private bool IsWorse(ReadOnlySpan<byte> value, ReadOnlySpan<byte> than) =>
        greatest ? value.SequenceCompareTo(than) < 0 : value.SequenceCompareTo(than) > 0;
}
