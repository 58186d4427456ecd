using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The values of a column, to be asked whether any of them lies in a range of encoded values.</summary>
internal sealed class ValueRange
{
    private readonly ulong[]? _numbers;
    private readonly int _bytes;
    private readonly bool _isSorted;
    private readonly byte[][] _values = [];

    /// <param name="column">The values; nulls do not count.</param>
    /// <param name="isAskedOften">Whether so many ranges will be asked for that sorting pays.</param>
    public ValueRange(IArrowArray column, bool isAskedOften)
    {
        IArrowType type = column.Data.DataType;
        RecordBatch batch = new(new Schema([new Field("v", type, true)], null), [column], column.Length);
        EncodedRows encoded = new RowEncoder([type]).Encode(batch, [0]);
        int[] rows = ValuesOf(column);
        if (type is FixedWidthType && rows.Length > 0 && encoded[rows[0]].Length <= sizeof(ulong) + 1)
        {
            _bytes = encoded[rows[0]].Length;
            _numbers = Numbers(encoded, rows);
            _isSorted = isAskedOften;
            System.Array.Sort(_numbers, 0, _isSorted ? _numbers.Length : 0);
        }
        else
        {
            HashSet<byte[]> distinct = new(ByteComparer.Instance);
            HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> lookup = distinct.GetAlternateLookup<ReadOnlySpan<byte>>();
            foreach (int row in rows)
            {
                lookup.Add(encoded[row]);
            }

            _values = [.. distinct];
            System.Array.Sort(_values, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        }
    }

    /// <summary>Whether a value is not less than the one bound and not greater than the other; null bounds nothing.</summary>
    public bool HasBetween(byte[]? least, byte[]? greatest)
    {
        if (_numbers is null)
        {
            int first = least is null ? 0 : First(_values, value => value.AsSpan().SequenceCompareTo(least) >= 0);
            return first < _values.Length && (greatest is null || _values[first].AsSpan().SequenceCompareTo(greatest) <= 0);
        }

        // Bounds in another width say nothing about these numbers.
        ulong min = least?.Length == _bytes ? Number(least) : ulong.MinValue;
        ulong max = greatest?.Length == _bytes ? Number(greatest) : ulong.MaxValue;
        if (_isSorted)
        {
            int first = First(_numbers, value => value >= min);
            return first < _numbers.Length && _numbers[first] <= max;
        }

        foreach (ulong number in _numbers)
        {
            if (number >= min && number <= max)
            {
                return true;
            }
        }

        return false;
    }

    private static int[] ValuesOf(IArrowArray column)
    {
        bool[] nulls = new bool[column.Length];
        for (int row = 0; column.NullCount > 0 && row < nulls.Length; row++)
        {
            nulls[row] = GatherKernel.IsNull(column.Data, row);
        }

        return RowMarks.Positions(nulls, marked: false);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Long and rarely called, as in SourceIndex.
    private static ulong[] Numbers(EncodedRows encoded, int[] rows)
    {
        ulong[] numbers = new ulong[rows.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Number(encoded[rows[i]]);
        }

        return numbers;
    }

    private static int First<T>(T[] ascending, Func<T, bool> isEnough)
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = isEnough(ascending[middle]) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    // The first byte says that it is no null; the others compare as a number does.
    private static ulong Number(ReadOnlySpan<byte> encoded)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        encoded[1..].CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
