using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>The result of a cast to a type of fixed width while it is made: values, validity, and the rows that failed.</summary>
internal sealed class CastColumn<T>
    where T : unmanaged
{
    private readonly byte[] _values;
    private readonly byte[] _validity;
    private readonly int _rows;
    private bool[]? _failed;

    public unsafe CastColumn(ArrayData source)
    {
        _rows = source.Length;
        _values = new byte[checked(_rows * sizeof(T))];
        _validity = Validity(source);
    }

    public Span<T> Values => MemoryMarshal.Cast<byte, T>(_values.AsSpan());

    /// <summary>Marks the rows that have a value.</summary>
    public ReadOnlySpan<byte> Valid => _validity;

    /// <summary>The bits of an array's rows that are not null, from bit 0 on.</summary>
    public static byte[] Validity(ArrayData source)
    {
        byte[] bits = new byte[Bitmaps.Bytes(source.Length)];
        if (GatherKernel.HasValidity(source))
        {
            Bitmaps.Copy(source.Buffers[0].Span, source.Offset, bits, 0, source.Length);
        }
        else
        {
            Bitmaps.SetRange(bits, 0, source.Length);
        }

        return bits;
    }

    /// <summary>The value of a row cannot be represented: it becomes a null.</summary>
    public void Fail(int row)
    {
        (_failed ??= new bool[_rows])[row] = true;
        Bitmaps.Clear(_validity, row);
        Values[row] = default;
    }

    public CastResult Build(IArrowType target)
    {
        int nulls = _rows - Bitmaps.Count(_validity);
        ArrowBuffer validity = nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(_validity);
        ArrayData data = new(target, _rows, nulls, 0, [validity, new ArrowBuffer(_values)], []);
        return new CastResult(ArrowArrayFactory.BuildArray(data), _failed);
    }
}
