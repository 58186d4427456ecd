using System.Globalization;
using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>A data set: where it is and how large.</summary>
/// <param name="Folder">The folder of the data set.</param>
/// <param name="Rows">Rows of the base table.</param>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="Batches">Batches in a row.</param>
/// <param name="Seed">All data follows from it.</param>
internal sealed record Scenario(string Folder, long Rows, int Batch, int Batches, long Seed)
{
    /// <summary>The folder of the batches.</summary>
    public required string SourceName { get; init; }

    /// <summary>Which rows the batches change.</summary>
    public KeyDistribution Keys { get; init; }

    /// <summary>The base table as a Delta table.</summary>
    public string Base => Path.Combine(Folder, "base");

    /// <summary>The base table in a DuckDB database.</summary>
    public string Database => Path.Combine(Folder, "base.duckdb");

    /// <summary>A batch of changes, as a Delta table of one version.</summary>
    public string Source(int batch) => Path.Combine(Folder, SourceName, batch.ToString("D4", CultureInfo.InvariantCulture));
}
