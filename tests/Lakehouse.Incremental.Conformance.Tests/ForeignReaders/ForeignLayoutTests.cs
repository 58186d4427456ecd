using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>Where files lie and which of their rows live, as another engine makes it out by the log.</summary>
public sealed class ForeignLayoutTests : IDisposable
{
    private static readonly Schema s_schema = new([new Field("id", Int64Type.Default, true), new Field("name", StringType.Default, true)], null);

    private readonly string _folder = Directory.CreateTempSubdirectory("foreign-").FullName;
    private readonly DuckDb _duckDb = new();

    public void Dispose()
    {
        _duckDb.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Partitions_with_special_characters_lie_where_the_log_says()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_folder, s_schema, new() { PartitionColumns = ["name"] });
        await table.AppendAsync(Rows((1, "a/b"), (2, "50% = x:y"), (3, null), (4, "é ü"), (5, "it's"), (6, "..")));
        await _duckDb.CreateViewAsync("t", table, _folder);
        _duckDb.Query("SELECT id, name FROM t").Should().Equal("1|a/b", "2|50% = x:y", "3|null", "4|é ü", "5|it's", "6|..");
    }

    [Fact]
    public async Task Deletion_vectors_of_many_rows_over_several_files_and_row_groups_hide_exactly_theirs()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_folder, s_schema, null, new DeltaTableOptions { MaxRowsPerFile = 140_000 });
        await table.AppendAsync(Rows([.. Enumerable.Range(0, 200_000).Select(i => ((long)i, (string?)$"n{i}"))]));
        AddFile[] files = [.. table.CurrentSnapshot.Files.OrderByDescending(f => f.Size)];
        files.Should().HaveCount(2);

        // The second file begins with row 140,000.
        int[] many = [.. Enumerable.Range(0, 140_000).Where(i => i % 7 == 3 || i is > 65_000 and < 66_000)];
        await DeleteAsync(table, files[0].Path, many.Select(i => (long)i));
        await DeleteAsync(table, files[1].Path, [0, 59_999]);
        await DeleteAsync(table, files[0].Path, [131_071, 131_072, 139_999]);
        bool Lives(long id) => id switch
        {
            >= 140_000 => id is not (140_000 or 199_999),
            > 65_000 and < 66_000 or 131_071 or 131_072 or 139_999 => false,
            _ => id % 7 != 3,
        };
        long[] expected = [.. Enumerable.Range(0, 200_000).Select(i => (long)i).Where(Lives)];

        await _duckDb.CreateViewAsync("t", table, _folder);

        _duckDb.Query("SELECT count(*), sum(id), count(DISTINCT name) FROM t")
            .Should().Equal($"{expected.Length}|{expected.Sum()}|{expected.Length}");
        _duckDb.Query("SELECT id FROM t WHERE id BETWEEN 64990 AND 66010 OR id BETWEEN 131060 AND 140010 OR id > 199990")
            .Should().BeEquivalentTo(expected
                .Where(id => id is (>= 64_990 and <= 66_010) or (>= 131_060 and <= 140_010) or > 199_990)
                .Select(id => $"{id}"));
        table.CurrentSnapshot.RowCount.Should().Be(expected.Length);
    }

    private static Task DeleteAsync(DeltaTable table, string path, IEnumerable<long> rows) => table.CommitAsync(
        async (snapshot, cancellationToken) =>
        {
            AddFile file = snapshot.Files.Single(f => f.Path == path);
            DeletionVector all = (await table.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken)).Union(rows);
            RowDeletionResult deletion = await RowDeletion.PrepareAsync(table.DeletionVectors, [(file, all)], 0, cancellationToken);
            return new CommitPlan
            {
                Actions = deletion.Actions,
                Info = new CommitInfo { Operation = "DELETE" },
                WrittenPaths = deletion.WrittenPaths,
            };
        },
        CancellationToken.None);

    private static RecordBatch Rows(params (long Id, string? Name)[] rows)
    {
        Int64Array.Builder ids = new();
        StringArray.Builder names = new();
        foreach ((long id, string? name) in rows)
        {
            ids.Append(id);
            names.Append(name);
        }

        return new RecordBatch(s_schema, [ids.Build(), names.Build()], rows.Length);
    }
}
