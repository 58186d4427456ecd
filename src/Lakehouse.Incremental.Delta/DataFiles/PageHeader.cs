namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>What the header of a Parquet page says about sizes and counts; read from Thrift's compact form.</summary>
internal readonly record struct PageHeader(int UncompressedSize, int CompressedSize, int? DictionaryValues, int? DataValues)
{
    private const int MostNesting = 8;
    private const int Structure = 12;

    /// <summary>Reads a header from the start of some bytes.</summary>
    /// <param name="bytes">The header and whatever follows it.</param>
    /// <param name="header">The header, when there is a whole one.</param>
    /// <returns>The bytes it takes; 0 when the bytes end within it; -1 when they are no header.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out PageHeader header)
    {
        ThriftCursor cursor = new(bytes);
        header = default;
        int id = 0;
        while (cursor.NextField(ref id, out int type))
        {
            switch (id)
            {
                case 2 when ThriftCursor.IsInteger(type):
                    header = header with { UncompressedSize = cursor.Int32() };
                    break;
                case 3 when ThriftCursor.IsInteger(type):
                    header = header with { CompressedSize = cursor.Int32() };
                    break;
                case 7 when type == Structure:
                    header = header with { DictionaryValues = FirstNumber(ref cursor) };
                    break;
                case 5 or 8 when type == Structure:
                    header = header with { DataValues = FirstNumber(ref cursor) };
                    break;
                default:
                    cursor.Skip(type, MostNesting);
                    break;
            }
        }

        return cursor.Malformed ? -1 : cursor.Exhausted ? 0 : cursor.Position;
    }

    // The number of values is field 1 of the headers of all kinds of pages.
    private static int? FirstNumber(ref ThriftCursor cursor)
    {
        int? number = null;
        int id = 0;
        while (cursor.NextField(ref id, out int type))
        {
            if (id == 1 && ThriftCursor.IsInteger(type))
            {
                number = cursor.Int32();
            }
            else
            {
                cursor.Skip(type, MostNesting);
            }
        }

        return number;
    }
}
