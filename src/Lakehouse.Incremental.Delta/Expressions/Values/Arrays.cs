using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>Makes the arrays that kernels produce.</summary>
internal static class Arrays
{
    /// <summary>An array of booleans or of values of fixed width over buffers as they are.</summary>
    public static IArrowArray Of(IArrowType type, byte[] values, byte[]? validity, int rows)
    {
        int nulls = validity is null ? 0 : rows - Bitmaps.Count(validity);
        ArrowBuffer bits = nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity);
        return ArrowArrayFactory.BuildArray(new ArrayData(type, rows, nulls, 0, [bits, new ArrowBuffer(values)], []));
    }

    public static IArrowArray Booleans(byte[] bits, byte[]? validity, int rows) => Of(BooleanType.Default, bits, validity, rows);

    /// <summary>An array of the CLR values of its type; those of null rows mean nothing.</summary>
    public static IArrowArray Of<T>(IArrowType type, T[] values, byte[]? validity)
    {
        if (values is bool[] booleans)
        {
            byte[] bits = new byte[Bitmaps.Bytes(booleans.Length)];
            for (int row = 0; row < booleans.Length; row++)
            {
                if (booleans[row])
                {
                    Bitmaps.Set(bits, row);
                }
            }

            return Booleans(bits, validity, values.Length);
        }

        return values switch
        {
            string[] texts => Variable(type, [.. texts.Select(static text => text is null ? [] : Encoding.UTF8.GetBytes(text))], validity),
            byte[][] bytes => Variable(type, bytes, validity),
            sbyte[] fixedWidth => Fixed(type, fixedWidth, validity),
            short[] fixedWidth => Fixed(type, fixedWidth, validity),
            int[] fixedWidth => Fixed(type, fixedWidth, validity),
            long[] fixedWidth => Fixed(type, fixedWidth, validity),
            float[] fixedWidth => Fixed(type, fixedWidth, validity),
            double[] fixedWidth => Fixed(type, fixedWidth, validity),
            Int128[] fixedWidth => Fixed(type, fixedWidth, validity),
            _ => throw new ArgumentException($"{typeof(T).Name} is no type of values", nameof(values)),
        };
    }

    private static IArrowArray Fixed<T>(IArrowType type, T[] values, byte[]? validity)
        where T : unmanaged => Of(type, MemoryMarshal.AsBytes<T>(values).ToArray(), validity, values.Length);

    private static IArrowArray Variable(IArrowType type, byte[][] values, byte[]? validity)
    {
        byte[] offsetBytes = new byte[(values.Length + 1) * sizeof(int)];
        Span<int> offsets = MemoryMarshal.Cast<byte, int>(offsetBytes.AsSpan());
        long total = 0;
        for (int row = 0; row < values.Length; row++)
        {
            total += Validity.IsValid(validity, row) ? values[row].Length : 0;
            offsets[row + 1] = total <= System.Array.MaxLength ? (int)total
                : throw ExpressionErrors.Overflow("the texts of a batch take more than 2 GiB");
        }

        byte[] bytes = new byte[total];
        for (int row = 0; row < values.Length; row++)
        {
            if (Validity.IsValid(validity, row))
            {
                values[row].CopyTo(bytes, offsets[row]);
            }
        }

        int nulls = validity is null ? 0 : values.Length - Bitmaps.Count(validity);
        ArrowBuffer bits = nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity);
        return ArrowArrayFactory.BuildArray(
            new ArrayData(type, values.Length, nulls, 0, [bits, new ArrowBuffer(offsetBytes), new ArrowBuffer(bytes)], []));
    }
}
