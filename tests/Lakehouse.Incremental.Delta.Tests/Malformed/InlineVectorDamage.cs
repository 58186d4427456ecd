using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>Damage to the payload of a deletion vector that lies in the log, below its text form. Only its counts can tell.</summary>
internal static class InlineVectorDamage
{
    private static readonly Regex Inline = new("\"storageType\":\"i\",\"pathOrInlineDv\":\"([^\"]*)\",\"sizeInBytes\":([0-9]+)");

    /// <summary>Null when the log has no such vector.</summary>
    public static (byte[] Content, string Script, Promise Promise)? Apply(byte[] whole, Random random)
    {
        string text = Encoding.UTF8.GetString(whole);
        MatchCollection vectors = Inline.Matches(text);
        if (vectors.Count == 0)
        {
            return null;
        }

        Match vector = vectors[random.Next(vectors.Count)];
        Group z85 = vector.Groups[1];
        byte[] payload = Z85.Decode(z85.Value, int.Parse(vector.Groups[2].Value, CultureInfo.InvariantCulture))!;
        (byte[] changed, string script) = Damage.Apply(payload, 0, payload.Length, random);
        byte[] same = [.. changed.Take(payload.Length), .. payload.Skip(changed.Length)];
        string damaged = text[..z85.Index] + Z85.Encode(same) + text[(z85.Index + z85.Length)..];
        return (
            Encoding.UTF8.GetBytes(damaged), $"payload of the vector at {z85.Index}: {script}, cut or filled up to its length", Promise.SameCount);
    }
}
