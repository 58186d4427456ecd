namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>
/// What a reader found: the digests of the rows and of the changes, sorted, and the code of the error if the changes could not be read.
/// </summary>
internal sealed record Findings(IReadOnlyList<UInt128> Rows, IReadOnlyList<UInt128> Changes, string? ChangesError)
{
    public static Findings None { get; } = new([], [], null);

    /// <summary>What is wrong with these findings in a damaged table; null when nothing is.</summary>
    public string? Breaks(Promise promise, Findings sound) => promise switch
    {
        Promise.SameRows or Promise.SameRowsAnyChanges when !Rows.SequenceEqual(sound.Rows) =>
            $"other rows ({Rows.Count} instead of {sound.Rows.Count})",
        Promise.SameRows when ChangesError is null && !Changes.SequenceEqual(sound.Changes) =>
            $"other changes ({Changes.Count} instead of {sound.Changes.Count})",
        Promise.SameCount when Rows.Count != sound.Rows.Count => $"{Rows.Count} rows instead of {sound.Rows.Count}",
        Promise.SameCount when ChangesError is null && Changes.Count != sound.Changes.Count =>
            $"{Changes.Count} changes instead of {sound.Changes.Count}",
        _ => null,
    };
}
