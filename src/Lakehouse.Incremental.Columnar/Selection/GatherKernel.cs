using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Copies runs of rows out of several arrays of one type into a new one in managed memory. All selection kernels are this one. Types: the canonical
/// ones (see <see cref="LosslessCast"/>), nested at will.
/// </summary>
internal static class GatherKernel
{
    public static ArrayData Gather(IArrowType type, ArrayData[] sources, ReadOnlySpan<RowRun> runs)
    {
        foreach (ArrayData source in sources)
        {
            ArrowLayouts.Require(type, source.DataType);
        }

        // A slice has neighbours in its buffers: without this check a row past its end would be one of theirs.
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0 && (run.Start < 0 || (long)run.Start + run.Length > sources[run.Batch].Length))
            {
                throw new ArgumentOutOfRangeException(nameof(runs), $"Rows {run.Start} to {(long)run.Start + run.Length} are not in the source.");
            }
        }

        ArrayData result = GatherChecked(type, sources, runs);

        // Spans do not keep native memory alive; the arrays do.
        GC.KeepAlive(sources);
        return result;
    }

    /// <summary>True when the value at a logical index is null.</summary>
    public static bool IsNull(ArrayData data, int index) =>
        data.DataType is NullType || (HasValidity(data) && !Bitmaps.Get(data.Buffers[0].Span, data.Offset + index));

    public static bool HasValidity(ArrayData data) => data.NullCount != 0 && data.Buffers.Length > 0 && data.Buffers[0].Length > 0;

    private static ArrayData GatherChecked(IArrowType type, ArrayData[] sources, ReadOnlySpan<RowRun> runs)
    {
        int rows = RowRun.Rows(runs);
        if (type is NullType)
        {
            return new ArrayData(type, rows, rows, 0, [], []);
        }

        ArrowBuffer validity = Validity(sources, runs, rows, out int nulls);
        switch (type)
        {
            case BooleanType:
                return new ArrayData(type, rows, nulls, 0, [validity, Bits(sources, runs, rows)], []);
            case FixedWidthType fixedWidth and not DictionaryType:
                return new ArrayData(type, rows, nulls, 0, [validity, FixedWidth(sources, runs, rows, fixedWidth.BitWidth / 8)], []);
            case StringType or BinaryType:
                ArrowBuffer offsets = Offsets(sources, runs, rows, out int total);
                return new ArrayData(type, rows, nulls, 0, [validity, offsets, VariableWidth(sources, runs, total)], []);
            case ListType or MapType:
                IArrowType element = ((NestedType)type).Fields[0].DataType;
                return new ArrayData(type, rows, nulls, 0, [validity, Offsets(sources, runs, rows, out _)], [Elements(element, sources, runs)]);
            case StructType composite:
                return new ArrayData(type, rows, nulls, 0, [validity], Fields(composite, sources, runs));
            default:
                throw new ArgumentException($"Arrays of type {type.Name} are not canonical; cast them first.", nameof(type));
        }
    }

    private static ArrowBuffer Validity(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows, out int nulls)
    {
        nulls = 0;
        bool[] hasNulls = new bool[sources.Length];
        bool any = false;
        for (int i = 0; i < sources.Length; i++)
        {
            hasNulls[i] = HasValidity(sources[i]);
            any |= hasNulls[i];
        }

        if (!any && !HasNullRun(runs))
        {
            return ArrowBuffer.Empty;
        }

        byte[] bits = new byte[Bitmaps.Bytes(rows)];
        int target = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0 && hasNulls[run.Batch])
            {
                CopyRun(sources[run.Batch], 0, run, bits, target);
            }
            else if (run.Batch >= 0)
            {
                Bitmaps.SetRange(bits, target, run.Length);
            }

            target += run.Length;
        }

        nulls = rows - Bitmaps.Count(bits);
        return nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(bits);
    }

    private static bool HasNullRun(ReadOnlySpan<RowRun> runs)
    {
        foreach (RowRun run in runs)
        {
            if (run.Batch < 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ArrowBuffer Bits(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows)
    {
        byte[] bits = new byte[Bitmaps.Bytes(rows)];
        int target = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0)
            {
                CopyRun(sources[run.Batch], 1, run, bits, target);
            }

            target += run.Length;
        }

        return new ArrowBuffer(bits);
    }

    private static void CopyRun(ArrayData source, int buffer, RowRun run, byte[] bits, int target) =>
        Bitmaps.Copy(source.Buffers[buffer].Span, source.Offset + run.Start, bits, target, run.Length);

    private static ArrowBuffer FixedWidth(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows, int width) => width switch
    {
        1 => FixedWidth<byte>(sources, runs, rows),
        2 => FixedWidth<ushort>(sources, runs, rows),
        4 => FixedWidth<uint>(sources, runs, rows),
        8 => FixedWidth<ulong>(sources, runs, rows),
        16 => FixedWidth<UInt128>(sources, runs, rows),
        _ => throw new ArgumentException($"Values of {width} bytes are not canonical; cast them first.", nameof(width)),
    };

    private static unsafe ArrowBuffer FixedWidth<T>(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows)
        where T : unmanaged
    {
        byte[] bytes = new byte[checked(rows * sizeof(T))];
        Span<T> target = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        ReadOnlySpan<T> values = default;
        int batch = -1;
        int row = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0)
            {
                if (run.Batch != batch)
                {
                    batch = run.Batch;
                    values = MemoryMarshal.Cast<byte, T>(sources[batch].Buffers[1].Span)[sources[batch].Offset..];
                }

                if (run.Length == 1)
                {
                    target[row] = values[run.Start];
                }
                else
                {
                    values.Slice(run.Start, run.Length).CopyTo(target[row..]);
                }
            }

            row += run.Length;
        }

        return new ArrowBuffer(bytes);
    }

    /// <summary>Offsets of the result: lengths of the rows added up.</summary>
    private static ArrowBuffer Offsets(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int rows, out int total)
    {
        byte[] bytes = new byte[checked((rows + 1) * sizeof(int))];
        Span<int> offsets = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        ReadOnlySpan<int> source = default;
        int batch = -1;
        int row = 0;
        total = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch < 0)
            {
                offsets.Slice(row + 1, run.Length).Fill(total);
                row += run.Length;
                continue;
            }

            if (run.Batch != batch)
            {
                batch = run.Batch;
                source = SourceOffsets(sources[batch]);
            }

            ReadOnlySpan<int> from = source.Slice(run.Start, run.Length + 1);
            for (int i = 1; i < from.Length; i++)
            {
                offsets[++row] = checked(total + (from[i] - from[0]));
            }

            total = offsets[row];
        }

        return new ArrowBuffer(bytes);
    }

    private static ArrowBuffer VariableWidth(ArrayData[] sources, ReadOnlySpan<RowRun> runs, int total)
    {
        byte[] bytes = new byte[total];
        ReadOnlySpan<int> offsets = default;
        ReadOnlySpan<byte> values = default;
        int batch = -1;
        int target = 0;
        foreach (RowRun run in runs)
        {
            if (run.Batch < 0)
            {
                continue;
            }

            if (run.Batch != batch)
            {
                batch = run.Batch;
                offsets = SourceOffsets(sources[batch]);
                values = sources[batch].Buffers[2].Span;
            }

            int start = offsets[run.Start];
            int length = offsets[run.Start + run.Length] - start;
            values.Slice(start, length).CopyTo(bytes.AsSpan(target));
            target += length;
        }

        return new ArrowBuffer(bytes);
    }

    private static ArrayData Elements(IArrowType element, ArrayData[] sources, ReadOnlySpan<RowRun> runs)
    {
        List<RowRun> elements = new(runs.Length);
        foreach (RowRun run in runs)
        {
            if (run.Batch >= 0)
            {
                ReadOnlySpan<int> offsets = SourceOffsets(sources[run.Batch]);
                int start = offsets[run.Start];
                int length = offsets[run.Start + run.Length] - start;
                if (length > 0)
                {
                    elements.Add(new RowRun(run.Batch, start, length));
                }
            }
        }

        return GatherChecked(element, Children(sources, 0), CollectionsMarshal.AsSpan(elements));
    }

    private static ArrayData[] Fields(StructType type, ArrayData[] sources, ReadOnlySpan<RowRun> runs)
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
            children[field] = GatherChecked(type.Fields[field].DataType, Children(sources, field), shifted);
        }

        return children;
    }

    private static ArrayData[] Children(ArrayData[] sources, int child) => System.Array.ConvertAll(sources, source => source.Children[child]);

    private static ReadOnlySpan<int> SourceOffsets(ArrayData source) => MemoryMarshal.Cast<byte, int>(source.Buffers[1].Span)[source.Offset..];
}
