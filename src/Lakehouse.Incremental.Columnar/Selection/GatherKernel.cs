using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Copies runs of rows out of several arrays of one type into a new one in managed memory. All selection kernels are this one. Types: the canonical ones
/// (see <see cref="LosslessCast"/>), nested at will.
/// </summary>
internal static class GatherKernel
{
    public static ArrayData Gather(IArrowType type, ArrayData[] sources, ReadOnlySpan<RowRun> runs)
    {
        int rows = RowRun.Rows(runs);
        if (type is NullType)
        {
            return new ArrayData(type, rows, rows, 0, [], []);
        }

        ArrowBuffer validity = Validity(sources, runs, rows, out int nulls);
        return type switch
        {
            BooleanType => new ArrayData(type, rows, nulls, 0, [validity, Bits(sources, runs, rows)], []),
            FixedWidthType fixedWidth => new ArrayData(type, rows, nulls, 0, [validity, FixedWidth(sources, runs, rows, fixedWidth.BitWidth / 8)], []),
            StringType or BinaryType => Variable(type, sources, runs, rows, validity, nulls),
            ListType list => Nested(type, list.ValueDataType, sources, runs, rows, validity, nulls),
            MapType map => Nested(type, map.Fields[0].DataType, sources, runs, rows, validity, nulls),
            StructType composite => Struct(composite, sources, runs, rows, validity, nulls),
            _ => throw new ArgumentException($"Arrays of type {type.Name} are not canonical; cast them first.", nameof(type)),
        };
    }

    /// <summary>True when the value at a logical index is null.</summary>
    public static bool IsNull(ArrayData data, int index) =>
        data.DataType is NullType || (HasValidity(data) && !BitUtility.GetBit(data.Buffers[0].Span, data.Offset + index));

    public static bool HasValidity(ArrayData data) => data.NullCount != 0 && data.Buffers.Length > 0 && data.Buffers[0].Length > 0;

    private static ArrowBuffer Validity(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows, out int nulls)
    {
        byte[] bits = new byte[(rows + 7) / 8];
        nulls = 0;
        int target = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch < 0)
            {
                nulls += run.Length;
            }
            else if (!HasValidity(sources[run.Batch]))
            {
                SetRange(bits, target, run.Length);
            }
            else
            {
                ArrayData source = sources[run.Batch];
                int set = CopyBits(source.Buffers[0].Span, source.Offset + run.Start, bits, target, run.Length);
                nulls += run.Length - set;
            }

            target += run.Length;
        }

        return nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(bits);
    }

    private static ArrowBuffer Bits(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows)
    {
        byte[] bits = new byte[(rows + 7) / 8];
        int target = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0)
            {
                ArrayData source = sources[run.Batch];
                CopyBits(source.Buffers[1].Span, source.Offset + run.Start, bits, target, run.Length);
            }

            target += run.Length;
        }

        return new ArrowBuffer(bits);
    }

    private static ArrowBuffer FixedWidth(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows, int width)
    {
        byte[] values = new byte[checked(rows * width)];
        int target = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0)
            {
                ArrayData source = sources[run.Batch];
                source.Buffers[1].Span.Slice((source.Offset + run.Start) * width, run.Length * width).CopyTo(values.AsSpan(target));
            }

            target += run.Length * width;
        }

        return new ArrowBuffer(values);
    }

    private static ArrayData Variable(IArrowType type, ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows, ArrowBuffer validity, int nulls)
    {
        int[] offsets = Offsets(sources, runs, rows);
        byte[] values = new byte[offsets[rows]];
        int target = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0)
            {
                ReadOnlySpan<int> from = SourceOffsets(sources[run.Batch], run);
                sources[run.Batch].Buffers[2].Span[from[0]..from[^1]].CopyTo(values.AsSpan(target));
                target += from[^1] - from[0];
            }
        }

        return new ArrayData(type, rows, nulls, 0, [validity, new ArrowBuffer(MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray()), new ArrowBuffer(values)], []);
    }

    private static ArrayData Nested(
        IArrowType type, IArrowType element, ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows, ArrowBuffer validity, int nulls)
    {
        int[] offsets = Offsets(sources, runs, rows);
        List<RowRun> elements = new(runs.Length);
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0)
            {
                ReadOnlySpan<int> from = SourceOffsets(sources[run.Batch], run);
                if (from[^1] > from[0])
                {
                    elements.Add(new RowRun(run.Batch, from[0], from[^1] - from[0]));
                }
            }
        }

        ArrayData child = Gather(element, [.. sources.Select(s => s.Children[0])], CollectionsMarshal.AsSpan(elements));
        return new ArrayData(type, rows, nulls, 0, [validity, new ArrowBuffer(MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray())], [child]);
    }

    private static ArrayData Struct(StructType type, ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows, ArrowBuffer validity, int nulls)
    {
        // A slice of a struct moves the parent only: its children are addressed from the parent's offset.
        RowRun[] shifted = runs.ToArray();
        for (int i = 0; i < shifted.Length; i++)
        {
            if (shifted[i].Batch >= 0)
            {
                shifted[i] = shifted[i] with { Start = shifted[i].Start + sources[shifted[i].Batch].Offset };
            }
        }

        ArrayData[] children = new ArrayData[type.Fields.Count];
        for (int field = 0; field < children.Length; field++)
        {
            int position = field;
            children[field] = Gather(type.Fields[field].DataType, [.. sources.Select(s => s.Children[position])], shifted);
        }

        return new ArrayData(type, rows, nulls, 0, [validity], children);
    }

    /// <summary>Offsets of the result: lengths of the rows added up.</summary>
    private static int[] Offsets(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows)
    {
        int[] offsets = new int[rows + 1];
        int row = 0;
        int total = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch < 0)
            {
                offsets.AsSpan(row + 1, run.Length).Fill(total);
                row += run.Length;
                continue;
            }

            ReadOnlySpan<int> from = SourceOffsets(sources[run.Batch], run);
            for (int i = 1; i < from.Length; i++)
            {
                offsets[++row] = checked(total + from[i] - from[0]);
            }

            total = offsets[row];
        }

        return offsets;
    }

    private static ReadOnlySpan<int> SourceOffsets(ArrayData source, RowRun run) =>
        MemoryMarshal.Cast<byte, int>(source.Buffers[1].Span).Slice(source.Offset + run.Start, run.Length + 1);

    private static void SetRange(Span<byte> bits, int start, int length)
    {
        int end = start + length;
        for (; start < end && (start & 7) != 0; start++)
        {
            bits[start >> 3] |= (byte)(1 << (start & 7));
        }

        int bytes = (end - start) >> 3;
        bits.Slice(start >> 3, bytes).Fill(0xFF);
        for (start += bytes << 3; start < end; start++)
        {
            bits[start >> 3] |= (byte)(1 << (start & 7));
        }
    }

    /// <summary>Copies bits into zeroed space and returns how many of them are set.</summary>
    private static int CopyBits(ReadOnlySpan<byte> source, int from, Span<byte> target, int to, int length)
    {
        int set = 0;
        for (int i = 0; i < length; i++)
        {
            int bit = (source[(from + i) >> 3] >> ((from + i) & 7)) & 1;
            target[(to + i) >> 3] |= (byte)(bit << ((to + i) & 7));
            set += bit;
        }

        return set;
    }
}
