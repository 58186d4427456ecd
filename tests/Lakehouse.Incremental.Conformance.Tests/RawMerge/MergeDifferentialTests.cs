using Apache.Arrow;
using DuckDB.NET.Data;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Conformance.Tests.ForeignReaders;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>
/// A raw MERGE leaves the rows that DuckDB's <c>MERGE INTO</c> leaves. Where several source rows would change one row, DuckDB takes one of them and
/// this library refuses: there DuckDB is asked whether it is so.
/// </summary>
public sealed class MergeDifferentialTests : IDisposable
{
    private const int Cases = 600;
    private readonly DuckDb _duck = new();

    public void Dispose() => _duck.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Rows_are_those_of_DuckDB(int group)
    {
        int refused = 0;
        for (int i = 0; i < Cases; i++)
        {
            MergeCase generated = new MergeGenerator((group * 100_000) + i).Next();
            refused += await CompareAsync(generated) ? 1 : 0;
        }

        refused.Should().BeLessThan(Cases / 3, "most cases should get as far as a result");
    }

    // True when the case is ambiguous, and so refused.
    private async Task<bool> CompareAsync(MergeCase generated)
    {
        string shape = $"deletion vectors {generated.DeletionVectors}, partitioned {generated.Partitioned}";
        string because = $"seed {generated.Seed}, {shape}:\n{generated.Script}\n";
        foreach (string sql in generated.Tables)
        {
            _duck.Execute(sql);
        }

        bool ambiguous = !generated.MayRepeat && _duck.Query(generated.Ambiguous)[0] != "0";
        DeltaTable table = await generated.CreateAsync();
        long before = table.CurrentSnapshot.RowCount!.Value;
        if (ambiguous)
        {
            Func<Task> merge = () => generated.RunAsync(table);
            InvalidRowsException error = (await merge.Should().ThrowAsync<InvalidRowsException>(because)).Which;
            error.ErrorCode.Should().Be(ErrorCodes.MultipleSourceRowsMatched, because);
            return true;
        }

        RawMergeResult result = await Run(() => generated.RunAsync(table), because);
        _ = await Run(
            () =>
            {
                _duck.Execute(generated.Merge);
                return Task.FromResult(0);
            },
            because);
        string[] rows = await MergeRow.AllAsync(table);
        rows.Should().Equal(_duck.Query(MergeCase.Result), because);
        rows.LongLength.Should().Be(before + result.NumTargetRowsInserted - result.NumTargetRowsDeleted, because);
        if (generated.ChangeData && result.Version is { } version)
        {
            (await ReplayedAsync(table, version)).Should().Equal(rows, because);
        }

        return false;
    }

    private static async Task<T> Run<T>(Func<Task<T>> run, string because)
    {
        try
        {
            return await run();
        }
        catch (Exception error) when (error is LakehouseException or DuckDBException)
        {
            throw new InvalidOperationException($"{error.Message}\n{because}", error);
        }
    }

    // The rows of the version before, changed as the change data say. An update is a pair that differs, side by side unless the row
    // went to another partition, whose changes lie in another file.
    private static async Task<string[]> ReplayedAsync(DeltaTable table, long version)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync(new ReadOptions { Version = version - 1 }))
        {
            rows.AddRange(MergeRow.Texts(batch, batch.ColumnCount));
        }

        await foreach (RecordBatch batch in table.ReadChangesAsync(version, version))
        {
            int type = batch.Schema.GetFieldIndex("_change_type");
            string[] texts = [.. MergeRow.Texts(batch, type)];
            for (int row = 0; row < batch.Length; row++)
            {
                string kind = CellText.Format(batch.Column(type), row);
                if (kind == "update_preimage" && table.CurrentSnapshot.PartitionColumns.Count == 0)
                {
                    CellText.Format(batch.Column(type), row + 1).Should().Be("update_postimage");
                    texts[row + 1].Should().NotBe(texts[row], "an update that changes nothing is none");
                }

                if (kind is "insert" or "update_postimage")
                {
                    rows.Add(texts[row]);
                }
                else
                {
                    rows.Remove(texts[row]).Should().BeTrue("a row that leaves was there");
                }
            }
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
