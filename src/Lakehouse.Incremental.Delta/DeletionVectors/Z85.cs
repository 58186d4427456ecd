using System.Buffers.Binary;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>The Z85 text form of binary data: four bytes, big-endian, become five printable characters.</summary>
internal static class Z85
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private static readonly sbyte[] Digits = BuildDigits();

    /// <summary>Encodes bytes, filled up with zeros to a multiple of four.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        int groups = (bytes.Length + 3) / 4;
        char[] text = new char[groups * 5];
        Span<byte> group = stackalloc byte[4];
        for (int i = 0; i < groups; i++)
        {
            group.Clear();
            bytes[(i * 4)..Math.Min(bytes.Length, (i + 1) * 4)].CopyTo(group);
            uint value = BinaryPrimitives.ReadUInt32BigEndian(group);
            for (int digit = 4; digit >= 0; digit--)
            {
                text[i * 5 + digit] = Alphabet[(int)(value % 85)];
                value /= 85;
            }
        }

        return new string(text);
    }

    /// <summary>
    /// Decodes whole groups, and the private form one other writer gives to a last group that is not full: k marks <c>#</c> and the shorter
    /// rest instead of zeros. Null when the text is not Z85.
    /// </summary>
    public static byte[]? Decode(string text, int length)
    {
        if (text.Length % 5 != 0 || length > text.Length / 5 * 4 || length < 0)
        {
            return null;
        }

        byte[] bytes = new byte[text.Length / 5 * 4];
        for (int i = 0; i < text.Length / 5; i++)
        {
            if (DecodeGroup(text.AsSpan(i * 5, 5)) is { } value)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), value);
            }
            else if (i != text.Length / 5 - 1 || !TryDecodeTail(text.AsSpan(i * 5, 5), bytes.AsSpan(i * 4)))
            {
                return null;
            }
        }

        return bytes[..length];
    }

    private static uint? DecodeGroup(ReadOnlySpan<char> group)
    {
        ulong value = 0;
        foreach (char character in group)
        {
            if (character >= Digits.Length || Digits[character] < 0)
            {
                return null;
            }

            value = value * 85 + (ulong)Digits[character];
        }

        return value <= uint.MaxValue ? (uint)value : null;
    }

    // A group that starts with '#' is too great for 32 bits, which is what makes room for this form: one mark for each missing byte.
    private static bool TryDecodeTail(ReadOnlySpan<char> group, Span<byte> target)
    {
        int missing = 0;
        while (missing < 3 && group[missing] == '#')
        {
            missing++;
        }

        ulong value = 0;
        foreach (char character in group[missing..])
        {
            if (character >= Digits.Length || Digits[character] < 0)
            {
                return false;
            }

            value = value * 85 + (ulong)Digits[character];
        }

        int present = 4 - missing;
        if (missing == 0 || value >= 1UL << (8 * present))
        {
            return false;
        }

        target[..4].Clear();
        for (int i = present - 1; i >= 0; i--)
        {
            target[i] = (byte)value;
            value >>= 8;
        }

        return true;
    }

    private static sbyte[] BuildDigits()
    {
        sbyte[] digits = new sbyte[128];
        Array.Fill(digits, (sbyte)-1);
        for (int i = 0; i < Alphabet.Length; i++)
        {
            digits[Alphabet[i]] = (sbyte)i;
        }

        return digits;
    }
}
