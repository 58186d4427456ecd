using System.Buffers;
using System.IO.Hashing;
using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// The 128-bit digest of rows, <c>H1</c> (semantics 2.20): XXH3-128 over name, type family and canonical value of each column, in ordinal order of
/// the names. Stable under reordering of columns, widening of types and adding of columns without values.
/// </summary>
internal static class RowDigest
{
    /// <summary>The version of the encoding. It is stored wherever a digest is; another tag means that digests do not compare.</summary>
    public const string Tag = "H1";

    /// <summary>Rows whose sizes are computed at a time, and the bytes after which a block ends early.</summary>
    private const int BlockRows = 512;
    private const int BlockBytes = 1 << 20;

    /// <summary>One digest per row of the given columns. Rows of different batches have equal digests when the named values are equal.</summary>
    public static UInt128[] Compute(RecordBatch batch, ReadOnlySpan<int> columns, DigestDomain domain)
    {
        NamedCellWriter[] writers = NamedCellWriter.InOrder(
            columns.ToArray().Select(column => (batch.Schema.GetFieldByIndex(column).Name, batch.Column(column).Data)), domain);

        // Headers are reserved for nulls too, which may need none.
        int headers = 1 + writers.Sum(writer => writer.HeaderSize);
        UInt128[] digests = new UInt128[batch.Length];
        Span<int> starts = stackalloc int[BlockRows];
        Span<int> positions = stackalloc int[BlockRows];
        Span<int> valueStarts = stackalloc int[BlockRows];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            for (int row = 0; row < digests.Length;)
            {
                Span<int> block = starts[..Math.Min(BlockRows, digests.Length - row)];
                block.Fill(headers);
                int rows = Layout(writers, row, block, out int size);
                if (buffer.Length < size)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(size);
                }

                starts[..rows].CopyTo(positions);
                Write(writers, row, domain, buffer, starts[..rows], positions[..rows], valueStarts);
                for (int i = 0; i < rows; i++)
                {
                    digests[row + i] = XxHash128.HashToUInt128(buffer.AsSpan(starts[i], positions[i] - starts[i]));
                }

                row += rows;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        GC.KeepAlive(batch);
        return digests;
    }

    /// <summary>
    /// Turns the bytes of headers per row into where each row's bytes begin in the buffer; returns for how many rows, at least one.
    /// </summary>
    private static int Layout(NamedCellWriter[] writers, int firstRow, Span<int> starts, out int size)
    {
        foreach (NamedCellWriter writer in writers)
        {
            writer.Cells.AddSizes(firstRow, starts);
        }

        size = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            int own = starts[i];
            if (i > 0 && (long)size + own > BlockBytes)
            {
                return i;
            }

            starts[i] = size;
            size += own;
        }

        return starts.Length;
    }

    private static void Write(
        NamedCellWriter[] writers,
        int firstRow,
        DigestDomain domain,
        Span<byte> buffer,
        ReadOnlySpan<int> starts,
        Span<int> positions,
        Span<int> valueStarts)
    {
        for (int i = 0; i < starts.Length; i++)
        {
            buffer[starts[i]] = (byte)domain;
            positions[i]++;
        }

        foreach (NamedCellWriter writer in writers)
        {
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] += writer.WriteHeader(firstRow + i, buffer[positions[i]..]);
                valueStarts[i] = positions[i];
            }

            writer.Cells.WriteColumn(firstRow, buffer, positions);
            for (int i = 0; i < positions.Length; i++)
            {
                if (!writer.Cells.IsNull(firstRow + i))
                {
                    NamedCellWriter.WriteLength(buffer[..valueStarts[i]], positions[i] - valueStarts[i]);
                }
            }
        }
    }
}
