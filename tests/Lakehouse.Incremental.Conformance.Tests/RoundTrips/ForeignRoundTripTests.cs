using System.Globalization;
using Lakehouse.Incremental.Conformance.Tests.ForeignReaders;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.RoundTrips;
using Xunit.Sdk;

namespace Lakehouse.Incremental.Conformance.Tests.RoundTrips;

/// <summary>Random tables after random lives, read by DuckDB: the live files without their deleted rows hold what the model says.</summary>
public sealed class ForeignRoundTripTests : IDisposable
{
    private const int Seed = 7;
    private const int Cases = 45;
    private const int Steps = 7;
    private const int LeastCompared = 15;

    private readonly string _folder = Directory.CreateTempSubdirectory("round-trips-").FullName;
    private readonly DuckDb _duckDb = new();

    public void Dispose()
    {
        _duckDb.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task DuckDB_finds_what_the_model_says()
    {
        int compared = 0;
        for (int number = 0; number < Cases; number++)
        {
            string folder = Path.Combine(_folder, number.ToString(CultureInfo.InvariantCulture));
            RoundTrip trip = new(Seed, number, new LocalTableStorage(folder));
            try
            {
                await trip.RunAsync(Steps);

                // Names and types of the files are those of the table only where neither is mapped.
                if (!trip.Traits.HasColumnMapping && !trip.Traits.HasTypeWidening)
                {
                    (await RowsAsync(trip, folder)).Should().Equal(Expected(trip.Now));
                    compared++;
                }
            }
            catch (Exception error)
            {
                throw new XunitException($"{trip.Script}\n{error}");
            }
        }

        compared.Should().BeGreaterThan(LeastCompared);
    }

    private async Task<IEnumerable<string>> RowsAsync(RoundTrip trip, string folder)
    {
        List<string> rows = [];
        foreach (AddFile file in trip.Table.CurrentSnapshot.Files)
        {
            string path = $"'{folder}/{DataFilePath.Decode(file.Path).Replace("'", "''", StringComparison.Ordinal)}'";
            string[] stored = _duckDb.Query($"SELECT name FROM parquet_schema({path})");
            DeletionVector deleted = await trip.Table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None);
            string without = deleted.IsEmpty ? "" : $" WHERE file_row_number NOT IN ({string.Join(',', deleted.Rows)})";
            IEnumerable<string> cells = trip.Now.Columns.Select(column => column.IsPartition
                ? SqlCells.Expression(column, file.PartitionValues.GetValueOrDefault(column.Name))
                : stored.Contains(column.Name) ? SqlCells.Expression(column) : "'null'");
            rows.AddRange(_duckDb.Query(
                $"SELECT {string.Join(", ", cells)} FROM read_parquet({path}, file_row_number = true, hive_partitioning = false){without}"));
        }

        return rows.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Expected(ModelTable table) => table.Rows
        .Select((_, row) => string.Join('|', table.ToBatch().Arrays
            .Select((array, i) => SqlCells.Expected(table.Columns[i], Delta.Tests.DataFiles.Cells.Cell(array, row)))))
        .Order(StringComparer.Ordinal);
}
