using System.Globalization;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.SourceSnapshots;

/// <summary>What refuses a snapshot.</summary>
internal static class SnapshotErrors
{
    public static LakehouseException Of(string code, MergeConfiguration flow, string table, long? version, string what) => new(code, Message(flow, table, version, what))
    {
        Flow = flow.Name,
        Table = table,
        Batch = version?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>An error about rows of the snapshot.</summary>
    public static InvalidRowsException OfRows(
        string code, MergeConfiguration flow, string table, long version, string what, int count, IReadOnlyList<string> samples) =>
        new(code, Message(flow, table, version, string.Create(CultureInfo.InvariantCulture, $"{count} {what}")))
        {
            Flow = flow.Name,
            Table = table,
            Batch = version.ToString(CultureInfo.InvariantCulture),
            Count = count,
            SampleKeys = samples,
        };

    /// <summary>An error about rows of the target.</summary>
    public static LakehouseException OfDeletes(MergeConfiguration flow, string table, long version, string what, long count, IReadOnlyList<string> samples) =>
        new(ErrorCodes.MassDeleteGuard, Message(flow, table, version, what))
        {
            Flow = flow.Name,
            Table = table,
            Batch = version.ToString(CultureInfo.InvariantCulture),
            Count = count,
            SampleKeys = samples,
        };

    private static string Message(MergeConfiguration flow, string table, long? version, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"Flow '{flow.Name}', table {table}{(version is { } v ? $", snapshot {v}" : "")}: {what}.");
}
