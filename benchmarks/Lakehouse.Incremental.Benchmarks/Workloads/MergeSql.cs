using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Pieces of DuckDB's SQL over the tables <c>target</c> and <c>source</c>.</summary>
internal sealed class MergeSql(Dataset data)
{
    private IEnumerable<string> Values => data.Columns.Except(data.Keys, StringComparer.Ordinal);

    /// <summary>True for rows of one key.</summary>
    public string Matches => string.Join(" AND ", data.Keys.Select(static k => $"target.{k} = source.{k}"));

    public string Into => $"MERGE INTO target USING source ON {Matches} ";

    /// <summary>True when the source is newer.</summary>
    public string IsNewer => $"source.{data.Sequence} > target.{data.Sequence}";

    /// <summary>Sets all columns but the keys, which are equal.</summary>
    public string UpdateAll => $"UPDATE SET {string.Join(", ", Values.Select(static c => $"{c} = source.{c}"))}";

    public string InsertAll => $"INSERT ({string.Join(", ", data.Columns)}) VALUES ({Source})";

    /// <summary>The source's columns that the table has.</summary>
    public string Source => string.Join(", ", data.Columns.Select(static c => $"source.{c}"));

    /// <summary>True when any column differs.</summary>
    public string Differs => $"({string.Join(" OR ", Values.Select(static c => $"target.{c} IS DISTINCT FROM source.{c}"))})";

    public string Using => $"USING ({string.Join(", ", data.Keys)})";

    /// <summary>The rows of the target without match, then those of the source that do not delete.</summary>
    public string Upserted => $"SELECT target.* FROM target ANTI JOIN source {Using} UNION ALL SELECT {Source} FROM source WHERE op <> 'd'";
}
