using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Maintenance;

public sealed class VacuumTests
{
    private static readonly VacuumOptions s_delete = new() { DryRun = false };

    private readonly TimedTable _timed = new();

    [Fact]
    public async Task Files_of_old_versions_and_orphans_go_and_the_rest_stays()
    {
        DeltaTable table = await _timed.CreateAsync();
        await table.AppendAsync(Kit.Rows(1));
        string old = table.CurrentSnapshot.Files.Single().Path;
        await PutAsync("orphan.parquet", "sub/orphan.parquet");
        _timed.Pass(1);
        await table.OverwriteAsync(Kit.Rows(2));
        _timed.Pass(7.5);
        await table.AppendAsync(Kit.Rows(3));
        await PutAsync("young.parquet");
        _timed.Pass(0.5);

        VacuumResult dry = await table.VacuumAsync();
        dry.DryRun.Should().BeTrue();
        dry.Files.Should().Equal(new[] { old, "orphan.parquet", "sub/orphan.parquet" }.Order(StringComparer.Ordinal));
        (await _timed.PathsAsync()).Should().Contain(dry.Files);
        table.CurrentSnapshot.Version.Should().Be(3);

        VacuumResult result = await table.VacuumAsync(s_delete);

        result.Should().BeEquivalentTo(dry with { DryRun = false });
        (await _timed.PathsAsync()).Should().NotContain(dry.Files).And.Contain("young.parquet");
        (await table.IdsAsync()).Should().Equal(2, 3);
        (await table.HistoryAsync(2)).Select(static version => version.Operation).Should().Equal("VACUUM END", "VACUUM START");
        (await table.HistoryAsync(2))[1].OperationMetrics["numFilesToDelete"].Should().Be("3");
        (await table.VacuumAsync(s_delete)).Files.Should().BeEmpty();
        table.CurrentSnapshot.Version.Should().Be(5, "a vacuum without work commits nothing");
    }

    [Fact]
    public async Task A_version_that_was_the_latest_within_the_retention_stays_whatever_time_its_removal_notes()
    {
        DeltaTable table = await _timed.CreateAsync(Kit.WithChanges);
        await table.AppendAsync(Kit.Rows([.. Enumerable.Range(0, 5000).Select(static i => (long)i)]));
        _timed.Pass(20);

        // These deletions note 1970 as their time.
        await table.DeleteAsync(static id => id % 3 == 0);
        await table.DeleteAsync(static id => id % 3 == 1);
        await table.DeleteAsync(static _ => true);
        await table.AppendAsync(Kit.Rows(7));
        _timed.Pass(6);
        List<string> before = await _timed.PathsAsync();
        before.Should().Contain(static path => path.EndsWith(".bin"));

        await table.VacuumAsync(s_delete);

        (await _timed.PathsAsync()).Should().Contain(before);
        (await table.IdsAsync(1)).Should().HaveCount(5000);
        _timed.Pass(2);
        (await table.VacuumAsync(s_delete)).Files.Should().HaveCount(3, "one data file and two files of deletion vectors");
        (await table.IdsAsync()).Should().Equal(7);
    }

    [Fact]
    public async Task Change_data_goes_with_its_version()
    {
        DeltaTable table = await _timed.CreateAsync(Kit.WithChanges);
        await ChangeAsync("_change_data/cdc-1.parquet");
        _timed.Pass(5);
        await ChangeAsync("_change_data/p=1/cdc-2.parquet");
        _timed.Pass(3);
        (await table.VacuumAsync(s_delete)).Files.Should().Equal("_change_data/cdc-1.parquet");

        async Task ChangeAsync(string path)
        {
            await PutAsync(path);
            await CommitAsync(table, new AddCdcFile { Path = path, Size = 1 });
        }
    }

    [Fact]
    public async Task State_files_stay_as_long_as_a_version_names_them()
    {
        DeltaTable table = await _timed.CreateAsync();
        await StateAsync("one", "two");
        _timed.Pass(10);
        await StateAsync("two", "three");
        _timed.Pass(5);
        await PutAsync("_incremental/state/orphan.parquet");

        (await table.VacuumAsync(s_delete)).Files.Should().BeEmpty("the version of one and two was the latest seven days ago");
        _timed.Pass(3);
        (await table.VacuumAsync(s_delete)).Files.Should().Equal("_incremental/state/one.parquet");
        await CommitAsync(table, new DomainMetadata("lakehouse.incremental", "not json, names _incremental/state/three.parquet", false));
        _timed.Pass(10);
        (await table.VacuumAsync(s_delete)).Files.Should().BeEmpty("a domain that is not understood may name any of them");

        async Task StateAsync(params string[] names)
        {
            string[] paths = [.. names.Select(static name => $"_incremental/state/{name}.parquet")];
            foreach (string path in paths)
            {
                await _timed.Storage.PutIfAbsentAsync(path, new byte[] { 1 });
            }

            string files = string.Join(',', paths.Select(static path => $$"""{"path":"{{path}}","rows":1}"""));
            await CommitAsync(table, new DomainMetadata("lakehouse.incremental", $$$"""{"format":1,"sets":{"s":[{{{files}}}]}}""", false));
        }
    }

    [Theory]
    [InlineData("""{"f":["_incremental/a",{"g":"_incremental/b"}],"_incremental/c":"x_incremental/d"}""", true, "_incremental/a", "_incremental/b")]
    [InlineData("""{"f":"_incremental/a","g":"\ud800"}""", false, "_incremental/a")]
    [InlineData("""{"f":"_incremental/a""", false)]
    [InlineData("other", true)]
    [InlineData("", true)]
    public void Paths_of_state_are_told_from_any_form_of_a_domain(string domain, bool allKnown, params string[] paths)
    {
        (IReadOnlyList<string> found, bool known) = StatePaths.In(domain);
        found.Should().Equal(paths);
        known.Should().Be(allKnown);
    }

    [Fact]
    public async Task Hidden_files_the_log_and_other_tables_are_not_touched()
    {
        DeltaTable table = await _timed.CreateAsync(new() { PartitionColumns = ["name"] });
        await PutAsync(".hidden/x.parquet", "_other/x.parquet", "a/_x", "a/.x", "inner/Data.parquet", "inner/_delta_log/x.json", "_delta_log/old.tmp", "name=1/x.parquet");
        _timed.Pass(30);
        (await table.VacuumAsync(s_delete)).Files.Should().Equal("name=1/x.parquet");
    }

    [Theory]
    [InlineData("_p=1/x.parquet", false)]
    [InlineData("_q=1/x.parquet", true)]
    [InlineData("_change_data/x", false)]
    [InlineData("_change_data/_p=1/x", false)]
    [InlineData("_delta_index/x", false)]
    [InlineData("_delta_log/x", true)]
    [InlineData("a/_x", true)]
    [InlineData("a/x_", false)]
    public void Hidden_is_what_begins_with_an_underscore_or_dot(string path, bool hidden) =>
        VacuumCandidates.IsHidden(path, ["_p"]).Should().Be(hidden);

    [Fact]
    public async Task A_shorter_retention_must_be_allowed()
    {
        DeltaTable table = await _timed.CreateAsync();
        await table.AppendAsync(Kit.Rows(1));
        await table.OverwriteAsync(Kit.Rows(2));
        _timed.Pass(1);
        VacuumOptions none = new() { DryRun = false, Retention = TimeSpan.Zero };
        (await Kit.CodeOfAsync(() => table.VacuumAsync(none))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await table.VacuumAsync(none with { AllowShorterRetention = true })).Files.Should().ContainSingle();
        (await table.IdsAsync()).Should().Equal(2);
        await table.Invoking(t => t.VacuumAsync(new() { Retention = TimeSpan.FromDays(-1) })).Should().ThrowAsync<ArgumentOutOfRangeException>();
        (await table.VacuumAsync(new() { Retention = TimeSpan.MaxValue })).Files.Should().BeEmpty();
    }

    [Fact]
    public async Task A_table_with_an_unknown_writer_feature_is_not_touched()
    {
        DeltaTable table = await _timed.CreateAsync();
        await _timed.Storage.PutAsync(LogPaths.Commit(1), ActionJson.WriteCommit([new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 7, WriterFeatures = ["newThing"] }]));
        (await table.Invoking(t => t.VacuumAsync()).Should().ThrowAsync<UnsupportedFeatureException>()).WithMessage("*newThing*");
    }

    [Fact]
    public async Task A_file_named_by_an_absolute_path_stays()
    {
        using TempFolder folder = new();
        ManualClock clock = new(DateTimeOffset.UtcNow.AddDays(30));
        DeltaTable table = await DeltaTable.CreateAsync(folder.Path, Kit.Schema, null, new() { TimeProvider = clock });
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "here.parquet"), "x");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "elsewhere.parquet"), "x");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "where.parquet"), "x");
        await CommitAsync(
            table,
            new AddFile { Path = "file://" + folder.Path + "/here.parquet", Size = 1, ModificationTime = 1, DataChange = true },
            new AddFile { Path = "s3://bucket/elsewhere.parquet", Size = 1, ModificationTime = 1, DataChange = true });
        (await table.VacuumAsync()).Files.Should().Equal("where.parquet");
    }

    [Fact]
    public async Task A_link_out_of_the_table_is_not_followed()
    {
        using TempFolder folder = new();
        using TempFolder outside = new();
        await File.WriteAllTextAsync(Path.Combine(outside.Path, "precious.parquet"), "x");
        DeltaTable table = await DeltaTable.CreateAsync(folder.Path, Kit.Schema, null, new() { TimeProvider = new ManualClock(DateTimeOffset.UtcNow.AddDays(30)) });
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "link"), outside.Path);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "orphan.parquet"), "x");
        (await table.VacuumAsync(s_delete)).Files.Should().Equal("orphan.parquet");
        File.Exists(Path.Combine(outside.Path, "precious.parquet")).Should().BeTrue();
    }

    [Fact]
    public async Task An_append_and_a_restore_that_come_in_between_lose_nothing()
    {
        DeltaTable table = await _timed.CreateAsync();
        await table.AppendAsync(Kit.Rows(1));
        await table.OverwriteAsync(Kit.Rows(2));
        _timed.Pass(20);
        await PutAsync("orphan.parquet");
        _timed.Pass(20);
        HookedStorage storage = new(_timed.Storage);
        DeltaTable vacuuming = await _timed.OpenAsync(storage);
        int commits = 0;
        storage.BeforePutIfAbsent = async path =>
        {
            if (path.EndsWith(".json", StringComparison.Ordinal) && commits++ == 0)
            {
                await table.AppendAsync(Kit.Rows(3));
                await table.RestoreAsync(1);
            }
        };

        VacuumResult result = await vacuuming.VacuumAsync(s_delete);

        result.Files.Should().Equal("orphan.parquet");
        (await vacuuming.IdsAsync()).Should().Equal(1);
        (await vacuuming.IdsAsync(3)).Should().Equal(2, 3);
    }

    [Fact]
    public async Task A_crash_at_any_step_leaves_the_table_whole()
    {
        for (int step = 0; ; step++)
        {
            foreach (bool afterEffect in new[] { false, true })
            {
                TimedTable timed = new();
                DeltaTable table = await timed.CreateAsync(new() { Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "4" } });
                await table.AppendAsync(Kit.Rows(1));
                await table.OverwriteAsync(Kit.Rows(2, 3));
                timed.Pass(10);
                await table.DeleteAsync(static id => id == 3);
                CrashingStorage crashing = new(timed.Storage, step, afterEffect);
                DeltaTable doomed = await timed.OpenAsync(crashing);
                await Record.ExceptionAsync(() => doomed.VacuumAsync(s_delete));

                DeltaTable reopened = await timed.OpenAsync();
                (await reopened.IdsAsync()).Should().Equal(2);
                (await reopened.IdsAsync(2)).Should().Equal(2, 3);
                await reopened.VacuumAsync(s_delete);
                (await reopened.VacuumAsync(s_delete)).Files.Should().BeEmpty();
                (await reopened.IdsAsync()).Should().Equal(2);
                if (!crashing.Crashed)
                {
                    step.Should().BeGreaterThan(4);
                    return;
                }
            }
        }
    }

    private async Task PutAsync(params string[] paths)
    {
        foreach (string path in paths)
        {
            await _timed.Storage.PutAsync(path, new byte[] { 1 });
        }
    }

    private static Task<TransactionResult?> CommitAsync(DeltaTable table, params DeltaAction[] actions) => table.CommitAsync(
        (_, _) => Task.FromResult<CommitPlan?>(new CommitPlan { Actions = actions, Info = new CommitInfo { Operation = "TEST" } }), CancellationToken.None);

    private sealed class ManualClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
