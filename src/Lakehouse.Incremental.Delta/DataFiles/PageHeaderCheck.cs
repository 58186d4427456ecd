namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Looks at the page headers among the bytes on their way to the Parquet library, which allocates what they ask for before it finds out that the
/// bytes are not there. Column chunks are read from their start, so the first bytes behind a jump are a header.
/// </summary>
internal sealed class PageHeaderCheck
{
    /// <summary>Pages up to this size are believed whatever they are compressed from; beyond it a ratio no honest codec reaches is refused.</summary>
    private const int LargePage = 64 << 20;

    private const long GreatestRatio = 1 << 15;

    // Headers carry statistics, which may be long texts.
    private const int LongestHeader = 1 << 20;

    private byte[] _begun = [];
    private long _position = -1;
    private long _pageRest;
    private bool _lost;

    /// <param name="position">Where in the file the bytes lie.</param>
    /// <param name="bytes">What was read there.</param>
    /// <exception cref="InvalidDataException">A header asks for more than its page can hold.</exception>
    public void Inspect(long position, ReadOnlySpan<byte> bytes)
    {
        if (position != _position)
        {
            _begun = [];
            _pageRest = 0;
            _lost = false;
        }

        _position = position + bytes.Length;
        while (!_lost && !bytes.IsEmpty)
        {
            int inPage = (int)Math.Min(_pageRest, bytes.Length);
            _pageRest -= inPage;
            bytes = bytes[inPage..];
            if (!bytes.IsEmpty)
            {
                bytes = Header(bytes);
            }
        }
    }

    /// <summary>Reads a header, or keeps what there is of it, and returns what follows.</summary>
    private ReadOnlySpan<byte> Header(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> all = _begun.Length == 0 ? bytes : (byte[])[.. _begun, .. bytes];
        int length = PageHeader.Read(all, out PageHeader header);
        if (length == 0)
        {
            _lost = all.Length > LongestHeader;
            _begun = _lost ? [] : all.ToArray();
            return [];
        }

        _begun = [];
        if (length < 0)
        {
            // What is no header is found out by the library without harm.
            _lost = true;
            return [];
        }

        Check(header);
        _pageRest = header.CompressedSize;
        return all[length..];
    }

    private static void Check(PageHeader header)
    {
        if (header.UncompressedSize < 0 || header.CompressedSize < 0 || header.DictionaryValues < 0 || header.DataValues < 0)
        {
            throw new InvalidDataException("a page header holds a negative size or count");
        }

        if (header.UncompressedSize > LargePage && header.UncompressedSize / GreatestRatio > header.CompressedSize)
        {
            throw new InvalidDataException("a page claims to be greater than its compressed bytes can be");
        }

        // Each entry of a dictionary takes a byte at least.
        if (header.DictionaryValues > header.UncompressedSize)
        {
            throw new InvalidDataException("a dictionary claims more entries than bytes");
        }
    }
}
