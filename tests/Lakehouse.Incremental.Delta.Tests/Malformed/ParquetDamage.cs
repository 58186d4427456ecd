using System.Buffers.Binary;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>Damage to what a Parquet file says of itself: forged numbers in its footer and page headers, a forged length of its footer.</summary>
internal static class ParquetDamage
{
    private const int Tail = 8;

    private static readonly long[] Edges =
    [
        0, 1, -1, 2, 3, 4, 5, 7, 8, 9, 10, 100, 1000, -1000, 65_536, 1 << 20, 100_000_000, int.MaxValue, int.MinValue, 1L << 32, 1L << 40,
        long.MaxValue, long.MinValue,
    ];

    /// <summary>Damage anywhere; whether it lies within a page's data, where a checksum would tell, is said too.</summary>
    public static (byte[] Content, string Script, bool InPage) Apply(byte[] whole, Random random)
    {
        (byte[] content, string script) = random.Next(5) == 0 ? InPage(whole, random) : Anywhere(whole, random);
        int different = content.AsSpan().CommonPrefixLength(whole);
        bool inPage = content.Length == whole.Length && Pages(whole).Any(page => different >= page.Start && different < page.End
            && content.AsSpan(page.End).SequenceEqual(whole.AsSpan(page.End)));
        return (content, script, inPage);
    }

    private static (byte[] Content, string Script) InPage(byte[] whole, Random random)
    {
        List<(int Start, int End)> pages = Pages(whole);
        (int start, int end) = pages[random.Next(pages.Count)];
        return Damage.Apply(whole, start, end, random);
    }

    private static (byte[] Content, string Script) Anywhere(byte[] whole, Random random) => random.Next(12) switch
    {
        0 or 1 => Damage.Apply(whole, 0, whole.Length, random),
        2 => Damage.Apply(whole, FooterStart(whole), whole.Length, random),
        3 or 4 => Damage.Apply(whole, 4, FooterStart(whole), random),
        5 => FooterLength(whole, random),
        6 or 7 => PageHeader(whole, random),
        _ => Footer(whole, random),
    };

    /// <summary>Where the pages begin and the footer begins: what page checksums cover lies in between.</summary>
    public static int FooterStart(byte[] whole) => whole.Length - Tail - BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(whole.Length - Tail));

    private static (byte[] Content, string Script) FooterLength(byte[] whole, Random random)
    {
        byte[] content = [.. whole];
        long forged = random.Next(2) == 0 ? Edges[random.Next(Edges.Length)] : whole.Length - Tail - FooterStart(whole) + random.Next(-20, 20);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(whole.Length - Tail), unchecked((int)forged));
        return (content, $"footer length {unchecked((int)forged)}");
    }

    private static (byte[] Content, string Script) Footer(byte[] whole, Random random)
    {
        IReadOnlyList<ThriftNumbers.Place> places = ThriftNumbers.Of(whole, FooterStart(whole)).Places;
        (byte[] content, string script) = Forge(whole, places[random.Next(places.Count)], random);
        int footer = content.Length - Tail - FooterStart(whole);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(content.Length - Tail), footer);
        return (content, "footer " + script);
    }

    /// <summary>Where the data of each page lies, behind its header.</summary>
    public static List<(int Start, int End)> Pages(byte[] whole)
    {
        List<(int Start, int End)> pages = [];
        foreach (int header in Headers(whole))
        {
            (IReadOnlyList<ThriftNumbers.Place> places, int start) = ThriftNumbers.Of(whole, header);
            pages.Add((start, start + (int)(places.First(static place => place.Path == ".3").Raw >> 1)));
        }

        return pages;
    }

    // The first data page and the dictionary page of each column.
    private static int[] Headers(byte[] whole) =>
    [
        .. ThriftNumbers.Of(whole, FooterStart(whole)).Places
            .Where(static place => place.Path is ".4[].1[].3.9" or ".4[].1[].3.11").Select(static place => (int)(place.Raw >> 1)),
    ];

    private static (byte[] Content, string Script) PageHeader(byte[] whole, Random random)
    {
        int[] headers = Headers(whole);
        int at = headers[random.Next(headers.Length)];
        IReadOnlyList<ThriftNumbers.Place> places = ThriftNumbers.Of(whole, at).Places;
        (byte[] content, string script) = Forge(whole, places[random.Next(places.Count)], random);
        return (content, $"page header at {at} {script}");
    }

    private static (byte[] Content, string Script) Forge(byte[] whole, ThriftNumbers.Place place, Random random)
    {
        long value = random.Next(3) == 0 ? unchecked((long)place.Raw) + random.Next(-3, 4) : Edges[random.Next(Edges.Length)];
        byte[] number = ThriftNumbers.Varint(place.IsSize ? unchecked((ulong)value) & uint.MaxValue : ThriftNumbers.ZigZag(value));
        if (place.ElementType is { } type)
        {
            number = [(byte)(0xF0 | type), .. number];
        }

        string script = $"field {place.Path} at {place.At} ({place.Length} bytes) becomes {Convert.ToHexString(number)}";
        return (Damage.Splice(whole, place.At, place.Length, number), script);
    }
}
