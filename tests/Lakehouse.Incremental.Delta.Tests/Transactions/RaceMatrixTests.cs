using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>
/// Real operations of two instances, the winner let in between the derivation and the commit of the loser. Whatever the verdict was, the table must
/// be as if one had run after the other.
/// </summary>
public class RaceMatrixTests
{
    private static readonly string[] Rows = ["delete 1", "delete 2", "delete 1 to 3", "move 3 to 103", "compact", "append to day 1"];

    [Theory]
    [InlineData("Serializable", true)]
    [InlineData("WriteSerializable", true)]
    [InlineData("Serializable", false)]
    public async Task Every_race_of_two_ends_as_if_they_had_run_one_after_the_other(string level, bool vectors)
    {
        foreach (RaceOperation ours in RaceOperation.All.Where(o => vectors || o.Name != "move 3 to 103"))
        {
            foreach (RaceOperation winner in RaceOperation.All.Where(o => vectors || o.Name != "move 3 to 103"))
            {
                await RaceAsync(level, vectors, ours, winner);
            }
        }
    }

    [Fact]
    public async Task Every_race_of_three_that_concerns_the_rows_of_one_file_ends_in_order()
    {
        foreach (string ours in Rows)
        {
            foreach (string first in Rows)
            {
                foreach (string second in Rows)
                {
                    await RaceAsync("Serializable", true, RaceOperation.Named(ours), RaceOperation.Named(first), RaceOperation.Named(second));
                }
            }
        }
    }

    private static async Task RaceAsync(string level, bool vectors, RaceOperation ours, params RaceOperation[] winners)
    {
        string script = $"{level}, vectors {vectors}: {string.Join(", then ", winners.Select(static w => $"'{w.Name}'"))} before '{ours.Name}'";
        InMemoryTableStorage inner = new();
        HookedStorage storage = new(inner);
        long[] start = [.. Range(1, 9), .. Range(50, 10), .. Range(1000, 10)];
        DeltaTable table = await DeltaTable.CreateAsync(
            storage,
            RaceOperation.Schema,
            new()
            {
                PartitionColumns = ["day"],
                ChangeDataFeed = true,
                DeletionVectors = vectors,
                Properties = new Dictionary<string, string> { [IsolationLevels.Key] = level },
            },
            new() { IdSource = IdSource.Sequential(1) });
        await table.AppendAsync(RaceOperation.Rows(Range(0, 10)));
        await table.DeleteAsync(Filter.Column("id").EqualTo(0L));
        await table.AppendAsync(RaceOperation.Rows(Range(50, 10)));
        await table.AppendAsync(RaceOperation.Rows(Range(1000, 10)));

        DeltaTable other = await DeltaTable.OpenAsync(inner, new() { IdSource = IdSource.Sequential(2) });
        int won = 0;
        storage.BeforePutIfAbsent = async path =>
        {
            if (path.StartsWith("_delta_log/", StringComparison.Ordinal) && won < winners.Length)
            {
                await winners[won++].RunAsync(other);
            }
        };
        await ours.RunAsync(table);

        won.Should().BePositive(script);
        DeltaTable final = await DeltaTable.OpenAsync(inner);
        long[] ids = await final.IdsAsync();
        long[] inOrder = Apply(start, [.. winners[..won], ours]);
        bool reordered = level == "WriteSerializable" && winners[0].IsBlindAppend && ids.SequenceEqual(Apply(start, [ours, winners[0]]));
        if (!reordered)
        {
            ids.Should().Equal(inOrder, script);
        }

        await CheckAsync(final, ids, script);
    }

    // Everything else that must be right: counts, vectors, change data, files.
    private static async Task CheckAsync(DeltaTable table, long[] ids, string script)
    {
        Snapshot snapshot = table.CurrentSnapshot;
        snapshot.RowCount.Should().Be(ids.Length, script);
        foreach (AddFile file in snapshot.Files)
        {
            DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, default);
            (deleted.IsEmpty || file.Stats!.Contains("\"tightBounds\":false", StringComparison.Ordinal)).Should().BeTrue(script);
            RowCounts.Of(file).Should().BePositive(script);
        }

        List<long> folded = [];
        for (long version = 0; version <= snapshot.Version; version++)
        {
            await foreach (RecordBatch batch in table.ReadChangesAsync(version, version))
            {
                foreach ((long id, string? change) in Kit.Longs(batch, "id").Zip(Kit.Texts(batch, "_change_type")))
                {
                    if (change == "insert")
                    {
                        folded.Add(id);
                    }
                    else
                    {
                        folded.Remove(id).Should().BeTrue($"{script}: version {version} deletes {id}, which is there");
                    }
                }
            }
        }

        folded.Order().Should().Equal(ids, script);
        await CheckFilesAsync(table, script);
    }

    // Every file that lies there belongs to a commit: losers left nothing behind.
    private static async Task CheckFilesAsync(DeltaTable table, string script)
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        for (long version = 0; version <= table.CurrentSnapshot.Version; version++)
        {
            foreach (DeltaAction action in await table.Log.ReadCommitAsync(version, default))
            {
                named.UnionWith(action switch
                {
                    AddFile file => [DataFilePath.Decode(file.Path)],
                    AddCdcFile file => [DataFilePath.Decode(file.Path)],
                    _ => [],
                });
            }
        }

        (await Kit.FilesAsync(table.Storage, ".parquet")).Should().BeSubsetOf(named, script);
    }

    private static long[] Apply(IReadOnlyList<long> ids, params RaceOperation[] operations) =>
        [.. operations.Aggregate(ids, static (now, operation) => [.. operation.Model(now)]).Order()];

    private static long[] Range(int first, int count) => [.. Enumerable.Range(first, count).Select(static id => (long)id)];
}
