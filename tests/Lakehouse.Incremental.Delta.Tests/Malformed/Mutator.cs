namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>Chooses a file of a table and damages it in a way that suits its kind. The same numbers make the same damage.</summary>
internal static class Mutator
{
    public static Mutation Next(Victim victim, Random random)
    {
        (string path, byte[] whole) = victim.Files[random.Next(victim.Files.Count)];
        if (path.EndsWith(".crc", StringComparison.Ordinal) && random.Next(4) != 0)
        {
            // There is one for each commit; the others deserve more of the cases.
            return Next(victim, random);
        }

        if (random.Next(100) == 0)
        {
            return new Mutation(path, null, "without the file", OfLoss(path));
        }

        if (path.EndsWith(".parquet", StringComparison.Ordinal))
        {
            (byte[] content, string script, bool inPage) = ParquetDamage.Apply(whole, random);
            return new Mutation(path, content, script, OfParquet(path, inPage && victim.PagesChecked));
        }

        if (path.EndsWith(".bin", StringComparison.Ordinal))
        {
            (byte[] content, string script, Promise promise) = DeletionVectorDamage.Apply(whole, random);
            return new Mutation(path, content, script, promise);
        }

        (byte[] changed, string done, Promise what) = random.Next(5) switch
        {
            0 => InlineVectorDamage.Apply(whole, random) ?? JsonDamage.Apply(whole, random),
            1 or 2 => JsonDamage.Apply(whole, random),
            _ => OfBytes(whole, random),
        };
        bool hint = path.EndsWith("_last_checkpoint", StringComparison.Ordinal) || path.EndsWith(".crc", StringComparison.Ordinal);
        return new Mutation(path, changed, done, hint ? Promise.SameRows : what);
    }

    private static (byte[] Content, string Script, Promise Promise) OfBytes(byte[] whole, Random random)
    {
        (byte[] content, string script) = Damage.Apply(whole, 0, whole.Length, random);
        return (content, script, Promise.AnyRows);
    }

    // The last commit may as well not have happened yet; what others stand in for is not missed; the rest must be.
    private static Promise OfLoss(string path) =>
        path.StartsWith("_delta_log/0", StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal) ? Promise.AnyRows
        : path.StartsWith("_change_data/", StringComparison.Ordinal) ? Promise.SameRowsAnyChanges
        : Promise.SameRows;

    private static Promise OfParquet(string path, bool covered) =>
        covered ? Promise.SameRows
        : path.StartsWith("_change_data/", StringComparison.Ordinal) ? Promise.SameRowsAnyChanges
        : path.StartsWith("_delta_log/", StringComparison.Ordinal) ? Promise.AnyRows
        : Promise.SameCount;
}
