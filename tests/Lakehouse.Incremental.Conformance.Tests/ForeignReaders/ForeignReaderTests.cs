using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Merging;
using Parquet;
using Parquet.Schema;

namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>Other libraries read what the engines write: live rows, change data, checkpoints.</summary>
public sealed class ForeignReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("foreign-").FullName;
    private readonly DuckDb _duckDb = new();

    public void Dispose()
    {
        _duckDb.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task DuckDB_reads_the_live_rows_of_a_merged_table(ScdType scdType)
    {
        DeltaTable table = await MergedAsync(scdType);
        await _duckDb.CreateViewAsync("silver", table, _folder);

        string[] foreign = _duckDb.Query("SELECT id, seq, amount::VARCHAR, price FROM silver");

        foreign.Should().Equal(await RowsAsync(table, "id", "seq", "amount", "price"));
        foreign.Should().HaveCountGreaterThan(500);
        table.CurrentSnapshot.Files.Should().Contain(f => f.DeletionVector != null, "the test is about deletion vectors");
    }

    [Fact]
    public async Task DuckDB_computes_the_Gold_that_was_kept_incrementally()
    {
        DeltaTable silver = await MergedAsync(ScdType.Type1);
        AggregateFlow flow = AggregateFlow.Named("gold").GroupBy("kind").Count("n").Sum("amount", "total").Min("seq", "first").Max("seq", "last").Build();
        DeltaTable gold = await DeltaTable.CreateAsync(Path.Combine(_folder, "gold"), flow.TargetSchema(silver.CurrentSnapshot.Schema));
        await flow.ApplyAsync(silver, gold);
        await MergeAsync(silver, ScdType.Type1, 3);
        await flow.ApplyAsync(silver, gold);

        await _duckDb.CreateViewAsync("silver", silver, _folder);

        _duckDb.Query("SELECT kind, count(*), sum(amount)::DECIMAL(38,2)::VARCHAR, min(seq), max(seq) FROM silver GROUP BY kind")
            .Should().Equal(await RowsAsync(gold, "kind", "n", "total", "first", "last"));
    }

    [Fact]
    public async Task DuckDB_reads_every_type_as_it_was_written()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_folder, AllTypes.Schema);
        await table.AppendAsync(AllTypes.Batch());
        await _duckDb.CreateViewAsync("t", table, _folder);

        _duckDb.Query($"SELECT count(*) FROM t WHERE {AllTypes.SqlCondition}").Should().Equal("1");
        _duckDb.Query($"SELECT count(*) FROM t WHERE {string.Join(" AND ", AllTypes.Schema.FieldsList.Select(f => f.Name + " IS NULL"))}").Should().Equal("1");
    }

    [Fact]
    public async Task DuckDB_reads_change_data_and_checkpoints()
    {
        DeltaTable table = await MergedAsync(ScdType.Type1);
        IReadOnlyList<DeltaAction> last = await table.Log.ReadCommitAsync(table.CurrentSnapshot.Version, CancellationToken.None);
        AddCdcFile changes = last.OfType<AddCdcFile>().Single();

        string[] counts = _duckDb.Query($"SELECT _change_type, count(*) FROM read_parquet('{_folder}/{changes.Path}') GROUP BY 1");
        string checkpoint = Directory.GetFiles(Path.Combine(_folder, "_delta_log"), "*.checkpoint.parquet").Order(StringComparer.Ordinal).Last();
        long version = long.Parse(Path.GetFileName(checkpoint).Split('.')[0], CultureInfo.InvariantCulture);
        IEnumerable<string> live = (await table.SnapshotAtAsync(version)).Files.Select(f => f.Path).Order(StringComparer.Ordinal);

        counts.Select(c => c.Split('|')[0]).Should().Equal("delete", "insert", "update_postimage", "update_preimage");
        counts[2].Split('|')[1].Should().Be(counts[3].Split('|')[1], "images come in pairs");
        _duckDb.Query($"SELECT add.path FROM '{checkpoint}' WHERE add IS NOT NULL").Should().Equal(live);
        _duckDb.Query($"SELECT protocol.minReaderVersion, protocol.minWriterVersion FROM '{checkpoint}' WHERE protocol IS NOT NULL").Should().Equal("3|7");
    }

    [Fact]
    public async Task ParquetNet_reads_the_data_files()
    {
        DeltaTable table = await MergedAsync(ScdType.Type1);
        long rows = 0;
        HashSet<string> ids = [];
        foreach (AddFile file in table.CurrentSnapshot.Files)
        {
            await using ParquetReader reader = await ParquetReader.CreateAsync(Path.Combine(_folder, file.Path));
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                using ParquetRowGroupReader rowGroup = reader.OpenRowGroupReader(group);
                DataField id = reader.Schema.GetDataFields().Single(f => f.Name == "id");
                string?[] values = new string?[rowGroup.RowCount];
                await rowGroup.ReadAsync(id, values);
                ids.UnionWith(values!);
                rows += rowGroup.RowCount;
            }
        }

        rows.Should().Be(table.CurrentSnapshot.Files.Sum(f => Delta.Statistics.StatisticsJson.NumRecords(f.Stats)!.Value));
        ids.Should().Contain((await RowsAsync(table, "id")).ToHashSet());
    }

    private static MergeFlow Flow(ScdType scdType) => MergeFlow.Named("orders").Keys("id").SequenceBy("seq")
        .ApplyAsDeleteWhen(change => change["kind"].EqualTo("x")).StoredAs(scdType).Build();

    private async Task<DeltaTable> MergedAsync(ScdType scdType)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_folder, Flow(scdType).TargetSchema(Events(0, 1).Schema), new() { ChangeDataFeed = true, Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "2" } });
        await MergeAsync(table, scdType, 0);
        await MergeAsync(table, scdType, 1);
        await MergeAsync(table, scdType, 2);
        return table;
    }

    private static Task MergeAsync(DeltaTable table, ScdType scdType, int round) => Flow(scdType).ApplyAsync(Events(round, 400 + (100 * round)), table);

    /// <summary>Rows whose values follow from their number; in later rounds some keys change, some go, some are new.</summary>
    private static RecordBatch Events(int round, int count)
    {
        int[] numbers = [.. Enumerable.Range(0, count).Where(i => round == 0 || i % 3 == round % 3 || i >= 400)];
        StringArray.Builder id = new(), kind = new();
        foreach (int n in numbers)
        {
            id.Append(FormattableString.Invariant($"k{n:0000}"));
            kind.Append(round > 0 && n % 11 == 0 ? "x" : n % 5 == 0 ? "ä" : "b");
        }

        Int64Array seq = new Int64Array.Builder().AppendRange(numbers.Select(n => (round * 10_000L) + n)).Build();
        Decimal128Array.Builder amount = new(new Decimal128Type(20, 2));
        amount.AppendRange(numbers.Select(n => (n * 1.25m) - round));
        DoubleArray.Builder price = new();
        foreach (int n in numbers)
        {
            price.Append(n % 7 == 0 ? null : n / 8.0);
        }

        return new RecordBatch.Builder().Append("id", true, id.Build()).Append("kind", true, kind.Build()).Append("seq", true, seq)
            .Append("amount", true, amount.Build()).Append("price", true, price.Build()).Build();
    }

    private static async Task<string[]> RowsAsync(DeltaTable table, params string[] columns)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync(columns))
        {
            for (int row = 0; row < batch.Length; row++)
            {
                rows.Add(string.Join('|', batch.Arrays.Select(a => CellText.Format(a, row))));
            }
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
