using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Maintenance;

public sealed class OptimizeTests
{
    private static readonly DeltaTableCreateOptions s_byName = new() { PartitionColumns = ["name"], ChangeDataFeed = true };

    [Fact]
    public async Task Small_files_of_a_partition_become_one_and_nothing_else_changes()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema, s_byName);
        for (int i = 0; i < 4; i++)
        {
            await table.AppendAsync(Kit.Rows([(i, "a"), (i + 10, "b"), (i + 20, null)]));
        }

        OptimizeResult result = await table.OptimizeAsync();

        result.Should().Be(new OptimizeResult(5, 3, 12, table.CurrentSnapshot.SizeInBytes, result.BytesRemoved, 0));
        (await table.IdsAsync()).Should().Equal(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
        (await table.ReadChangesAsync(5, 5).ListAsync()).Should().BeEmpty();
        IReadOnlyList<DeltaAction> actions = await table.Log.ReadCommitAsync(5, CancellationToken.None);
        actions.OfType<AddFile>().Should().OnlyContain(static add => !add.DataChange);
        actions.OfType<RemoveFile>().Should().OnlyContain(static remove => !remove.DataChange);
        TableVersion version = (await table.HistoryAsync(1)).Single();
        version.Operation.Should().Be("OPTIMIZE");
        version.OperationMetrics["numAddedFiles"].Should().Be("3");
        version.OperationMetrics["numRemovedFiles"].Should().Be("12");
        (await table.OptimizeAsync()).Version.Should().BeNull("nothing is left to do");
    }

    [Fact]
    public async Task Files_grow_to_the_target_and_not_beyond()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema, null, new() { MaxRowsPerFile = 5 });
        for (int i = 0; i < 6; i++)
        {
            await table.AppendAsync(Kit.Rows(i, i + 100));
        }

        await table.OptimizeAsync();
        table.CurrentSnapshot.FileCount.Should().Be(3, "five rows are the limit of a file, and two times two fit");
        (await table.OptimizeAsync()).Version.Should().BeNull();

        DeltaTable other = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema);
        for (int i = 0; i < 6; i++)
        {
            await other.AppendAsync(Kit.Rows(i, i + 100));
        }

        long size = other.CurrentSnapshot.Files.Max(static file => file.Size);
        await other.OptimizeAsync(new() { TargetFileSize = size });
        other.CurrentSnapshot.FileCount.Should().Be(6, "no two files fit the target");
        await other.OptimizeAsync(new() { TargetFileSize = (size * 2) + 1 });
        other.CurrentSnapshot.FileCount.Should().Be(3);
    }

    [Fact]
    public async Task Deleted_rows_are_purged_above_a_share_of_the_file()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema, Kit.WithChanges);
        await table.AppendAsync(Kit.Rows([.. Enumerable.Range(0, 100).Select(static i => (long)i)]));
        await table.DeleteAsync(static id => id < 20);
        long[] left = await table.IdsAsync();

        (await table.OptimizeAsync(new() { MaxDeletedShare = 0.2 })).Version.Should().BeNull();
        OptimizeResult result = await table.OptimizeAsync(new() { MaxDeletedShare = 0.19, TargetFileSize = 1 });

        result.DeletionVectorsRemoved.Should().Be(1);
        result.FilesAdded.Should().Be(1);
        table.CurrentSnapshot.Files.Single().DeletionVector.Should().BeNull();
        (await table.IdsAsync()).Should().Equal(left);
        (await table.IdsAsync(1)).Should().HaveCount(100);
    }

    [Fact]
    public async Task Only_partitions_of_the_filter_are_touched()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema, s_byName);
        await table.AppendAsync(Kit.Rows([(1, "a"), (2, "b")]));
        await table.AppendAsync(Kit.Rows([(3, "a"), (4, "b")]));

        await table.OptimizeAsync(new() { Filter = Filter.Column("name").EqualTo("b") });

        table.CurrentSnapshot.Files.GroupBy(static file => file.PartitionValues["name"]).ToDictionary(static g => g.Key!, static g => g.Count())
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 2, ["b"] = 1 });
        (await Kit.CodeOfAsync(() => table.OptimizeAsync(new() { Filter = Filter.Column("id").EqualTo(1L) }))).Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public async Task An_append_only_table_may_be_rearranged()
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            new InMemoryTableStorage(), Kit.Schema, new() { Properties = new Dictionary<string, string> { ["delta.appendOnly"] = "true" } });
        await table.AppendAsync(Kit.Rows(1));
        await table.AppendAsync(Kit.Rows(2));
        (await table.OptimizeAsync()).FilesAdded.Should().Be(1);
        (await table.IdsAsync()).Should().Equal(1, 2);
    }

    [Fact]
    public async Task What_others_commit_meanwhile_survives()
    {
        HookedStorage storage = new(new InMemoryTableStorage());
        DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema, s_byName);
        DeltaTable other = await DeltaTable.OpenAsync(storage);
        await table.AppendAsync(Kit.Rows([(1, "a"), (2, "b")]));
        await table.AppendAsync(Kit.Rows([(3, "a"), (4, "b")]));
        int commits = 0;
        storage.BeforePutIfAbsent = async path =>
        {
            if (path.EndsWith(".json", StringComparison.Ordinal) && commits++ == 0)
            {
                await other.AppendAsync(Kit.Rows([(5, "a")]));
                await other.DeleteAsync(static id => id == 2);
            }
        };

        OptimizeResult result = await table.OptimizeAsync();

        result.FilesRemoved.Should().Be(2, "one file of partition b is another one now");
        (await table.IdsAsync()).Should().Equal(1, 3, 4, 5);
        List<string> stored = await Kit.FilesAsync(storage, ".zstd.parquet");
        stored.Should().HaveCount(6, "five appended files and the one that took the place of two; the other rewritten one is deleted again");
    }

    [Fact]
    public async Task A_crash_at_any_write_leaves_the_rows_alone()
    {
        for (int step = 0; ; step++)
        {
            foreach (bool afterEffect in new[] { false, true })
            {
                TimedTable timed = new();
                DeltaTable table = await timed.CreateAsync(new() { Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "4" } });
                await table.AppendAsync(Kit.Rows(1, 2, 3));
                await table.AppendAsync(Kit.Rows(4, 5, 6));
                await table.DeleteAsync(static id => id is 2 or 4);
                CrashingStorage crashing = new(timed.Storage, step, afterEffect);
                DeltaTable doomed = await timed.OpenAsync(crashing);
                bool acknowledged = true;
                try
                {
                    await doomed.OptimizeAsync();
                }
                catch (CrashException)
                {
                    acknowledged = false;
                }

                DeltaTable reopened = await timed.OpenAsync();
                (await reopened.IdsAsync()).Should().Equal(1, 3, 5, 6);
                (await reopened.IdsAsync(2)).Should().Equal(1, 2, 3, 4, 5, 6);
                (!acknowledged || reopened.CurrentSnapshot.FileCount == 1).Should().BeTrue();
                await reopened.OptimizeAsync();
                reopened.CurrentSnapshot.FileCount.Should().Be(1);
                (await reopened.IdsAsync()).Should().Equal(1, 3, 5, 6);
                if (!crashing.Crashed)
                {
                    step.Should().BeGreaterThan(3);
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task The_same_table_gives_the_same_groups()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema, s_byName, new() { IdSource = IdSource.Sequential(7) });
        for (int i = 0; i < 9; i++)
        {
            await table.AppendAsync(Kit.Rows([.. Enumerable.Range(0, i + 1).Select(row => ((long?)row, (string?)(row % 2 == 0 ? "a" : "b")))]));
        }

        OptimizeOptions options = new() { TargetFileSize = 2500 };
        string[][] first = [.. FilePacking.Pack(table.CurrentSnapshot, options, 1000).Select(static group => group.Select(static file => file.Path).ToArray())];
        string[][] second = [.. FilePacking.Pack((await DeltaTable.OpenAsync(table.Storage)).CurrentSnapshot, options, 1000)
            .Select(static group => group.Select(static file => file.Path).ToArray())];
        first.Should().NotBeEmpty();
        second.Should().BeEquivalentTo(first, static o => o.WithStrictOrdering());
        first.Should().OnlyContain(static group => group.SequenceEqual(group.Order(StringComparer.Ordinal)));
    }
}
