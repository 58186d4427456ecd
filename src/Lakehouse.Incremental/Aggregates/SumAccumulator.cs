using System.Numerics;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The exact sum of a group: of doubles, or of integers and decimals.</summary>
internal sealed class SumAccumulator : IMeasureAccumulator
{
    private ExactSum? _floating;
    private IntegerSum? _integer;

    public SumAccumulator(bool floating)
    {
        _floating = floating ? new() : null;
        _integer = floating ? null : new();
    }

    public long Values { get; private set; }

    public bool IsDirty => false;

    public bool IsUnderflown => Values < 0 || _floating?.IsUnderflown == true || (Values == 0 && !IsZero);

    /// <summary>The sum of floats or doubles.</summary>
    public ExactSum Floating => _floating!;

    /// <summary>The sum of integers, or of the unscaled values of decimals.</summary>
    public BigInteger Integer => _integer!.Value;

    private bool IsZero => _floating?.IsZero ?? _integer!.Value.IsZero;

    public void Add(MeasureInput input, int row, int sign)
    {
        Values += sign;
        if (_floating is not null)
        {
            _floating.Add(input.Floating(row), sign);
        }
        else
        {
            _integer!.Add(input.Integer(row), sign);
        }
    }

    public void Reset()
    {
        Values = 0;
        _floating = _floating is null ? null : new();
        _integer = _integer is null ? null : new();
    }

    public byte[] Serialize() => _floating?.Serialize() ?? _integer!.Value.ToByteArray();

    public void Restore(long values, ReadOnlySpan<byte> sum)
    {
        Values = values;
        if (_floating is not null)
        {
            _floating = ExactSum.Deserialize(sum);
        }
        else
        {
            _integer = new IntegerSum(new BigInteger(sum));
        }
    }
}
