namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>
/// The expectations of the public set that are themselves wrong, each with the reason. Everything else in them is still compared. The deletion vector
/// of version 5 of kernel-rs-data/cdf-table-with-dv, which is told as wrong, too, needs no exception: the end of its text breaks the Z85 form
/// (<c>#</c> marks for missing bytes instead of zeros), and the library reads this form of another writer beside the right one.
/// </summary>
internal static class KnownWrong
{
    /// <summary>Columns of the expected Parquet that are left out.</summary>
    private static readonly Dictionary<string, string[]> s_columns = new(StringComparer.Ordinal)
    {
        // The log tells the partition value 2021-09-08 11:11:11 without a zone. The expected Parquet was written by an engine in the zone -07:00 and
        // has 18:11:11 UTC; the format leaves the zone to the reader, and this one takes UTC. The dump, which does the same, is compared in full.
        ["kernel-rs-golden/data-reader-partition-values"] = ["as_timestamp"],
    };

    public static IReadOnlyList<string> Columns(string id) => s_columns.GetValueOrDefault(id) ?? [];
}
