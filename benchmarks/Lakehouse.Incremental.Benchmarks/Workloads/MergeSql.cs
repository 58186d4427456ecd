using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Pieces of DuckDB's SQL over the tables <c>target</c> and <c>source</c>.</summary>
internal static class MergeSql
{
    private static readonly string[] Names = [.. LineItem.Schema.FieldsList.Select(static f => f.Name)];

    public const string Into =
        "MERGE INTO target USING source ON target.l_orderkey = source.l_orderkey AND target.l_linenumber = source.l_linenumber ";

    /// <summary>Sets all columns but the keys, which are equal.</summary>
    public static string UpdateAll { get; } =
        $"UPDATE SET {string.Join(", ", Names.Except(LineItem.Keys, StringComparer.Ordinal).Select(static c => $"{c} = source.{c}"))}";

    public static string InsertAll { get; } = $"INSERT ({string.Join(", ", Names)}) VALUES ({Source})";

    /// <summary>The source's columns that the table has.</summary>
    public static string Source => string.Join(", ", Names.Select(static c => $"source.{c}"));

    /// <summary>True when any column differs.</summary>
    public static string Differs { get; } =
        $"({string.Join(" OR ", Names.Except(LineItem.Keys, StringComparer.Ordinal).Select(static c => $"target.{c} IS DISTINCT FROM source.{c}"))})";

    /// <summary>The rows of the target without match, then those of the source that do not delete.</summary>
    public static string Upserted { get; } =
        $"SELECT target.* FROM target ANTI JOIN source USING ({string.Join(", ", LineItem.Keys)}) UNION ALL SELECT {Source} FROM source WHERE op <> 'd'";
}
