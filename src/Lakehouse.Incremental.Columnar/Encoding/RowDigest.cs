using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// The 128-bit digest of rows, <c>H1</c> (semantics 2.20): XXH3-128 over name, type family and canonical value of each column, in ordinal order of the
/// names. Stable under reordering of columns, widening of types and adding of columns without values.
/// </summary>
internal static class RowDigest
{
    /// <summary>The version of the encoding. It is stored wherever a digest is; another tag means that digests do not compare.</summary>
    public const string Tag = "H1";

    public static UInt128[] Compute(RecordBatch batch, ReadOnlySpan<int> columns, DigestDomain domain)
    {
        Column[] ordered = [.. columns.ToArray().Select(c => new Column(batch.Schema.GetFieldByIndex(c), batch.Column(c).Data))];
        System.Array.Sort(ordered, (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        UInt128[] digests = new UInt128[batch.Length];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            for (int row = 0; row < digests.Length; row++)
            {
                int size = 1;
                foreach (Column column in ordered)
                {
                    size = checked(size + column.MaxSize(row));
                }

                if (buffer.Length < size)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(size);
                }

                digests[row] = XxHash128.HashToUInt128(buffer.AsSpan(0, Write(ordered, row, domain, buffer)));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return digests;
    }

    private static int Write(Column[] columns, int row, DigestDomain domain, Span<byte> buffer)
    {
        buffer[0] = (byte)domain;
        int position = 1;
        foreach (Column column in columns)
        {
            bool isNull = column.Writer.IsNull(row);
            if (isNull && domain == DigestDomain.Data)
            {
                continue;
            }

            column.Name.CopyTo(buffer[position..]);
            position += column.Name.Length;
            Span<byte> length = buffer.Slice(position, 4);
            position += 4;
            int written = isNull ? -1 : column.Writer.Write(row, buffer[position..]);
            BinaryPrimitives.WriteInt32BigEndian(length, written);
            position += Math.Max(written, 0);
        }

        return position;
    }

    private static byte Family(IArrowType type) => (byte)(type switch
    {
        StringType => 's',
        BinaryType => 'x',
        BooleanType => 'b',
        Decimal128Type => 'm',
        FloatType or DoubleType => 'f',
        Date32Type => 'd',
        TimestampType { Timezone: null } => 'n',
        TimestampType => 't',
        ListType => 'l',
        MapType => 'p',
        StructType => 'r',
        NullType => 'v',
        _ => 'i',
    });

    private sealed class Column
    {
        public Column(Field field, ArrayData data)
        {
            byte[] name = Encoding.UTF8.GetBytes(field.Name);
            Name = new byte[4 + name.Length + 1];
            BinaryPrimitives.WriteInt32BigEndian(Name, name.Length);
            name.CopyTo(Name, 4);
            Name[^1] = Family(field.DataType);
            Writer = CellWriters.Canonical(data);
        }

        /// <summary>Length, name and type family: the same in each row.</summary>
        public byte[] Name { get; }

        public CellWriter Writer { get; }

        public int MaxSize(int row) => Name.Length + 4 + (Writer.IsNull(row) ? 0 : Writer.Size(row));
    }
}
