using System.Numerics;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The exact sum of a group: of doubles, or of integers and decimals.</summary>
internal sealed class SumAccumulator(bool floating) : IMeasureAccumulator
{
    public long Values { get; private set; }

    public bool IsDirty => false;

    public bool IsUnderflown => Values < 0 || Floating.IsUnderflown || (Values == 0 && !IsZero);

    public ExactSum Floating { get; private set; } = new();

    public IntegerSum Integer { get; private set; } = new();

    private bool IsZero => floating ? Floating.IsZero : Integer.Value.IsZero;

    public void Add(MeasureInput input, int row, int sign)
    {
        Values += sign;
        if (floating)
        {
            Floating.Add(input.Floating(row), sign);
        }
        else
        {
            Integer.Add(input.Integer(row), sign);
        }
    }

    public void Reset()
    {
        Values = 0;
        Floating = new ExactSum();
        Integer = new IntegerSum();
    }

    public byte[] Serialize() => floating ? Floating.Serialize() : Integer.Value.ToByteArray();

    public void Restore(long values, ReadOnlySpan<byte> sum)
    {
        Values = values;
        if (floating)
        {
            Floating = ExactSum.Deserialize(sum);
        }
        else
        {
            Integer = new IntegerSum(new BigInteger(sum));
        }
    }
}
