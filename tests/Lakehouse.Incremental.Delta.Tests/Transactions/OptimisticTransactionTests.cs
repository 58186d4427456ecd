using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

public class OptimisticTransactionTests
{
    private readonly InMemoryTableStorage _inner = new();
    private readonly HookedStorage _storage;

    public OptimisticTransactionTests() => _storage = new HookedStorage(_inner);

    [Fact]
    public async Task A_plan_that_read_the_table_is_derived_from_the_version_before_its_own()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await WinBeforeAsync(1, other => other.AppendAsync(Kit.Rows(100)));
        List<long> derivedFrom = [];
        TransactionResult? result = await table.CommitAsync(
            (snapshot, _) =>
            {
                derivedFrom.Add(snapshot.Version);
                return Task.FromResult<CommitPlan?>(Plan(new SetTransaction("app", snapshot.Version)));
            },
            default);

        derivedFrom.Should().Equal(0, 1);
        result!.Version.Should().Be(2);
        result.Attempts.Should().Be(2);
        result.ReadSnapshot.Version.Should().Be(1);
        result.Snapshot.TransactionVersion("app").Should().Be(1);
        table.CurrentSnapshot.Should().BeSameAs(result.Snapshot);
    }

    [Fact]
    public async Task An_append_that_lost_a_race_keeps_its_files()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await WinBeforeAsync(1, other => other.AppendAsync(Kit.Rows(100)));
        (await table.AppendAsync(Kit.Rows(1))).Version.Should().Be(2);
        (await table.IdsAsync()).Should().Equal(1, 100);
        (await Kit.FilesAsync(_inner, ".parquet")).Should().HaveCount(2);
    }

    [Fact]
    public async Task An_append_that_meets_its_own_transaction_in_the_winner_does_nothing()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        AppendOptions once = new() { TxnAppId = "app", TxnVersion = 1 };
        await WinBeforeAsync(1, other => other.AppendAsync(Kit.Rows(1), once));
        (await table.AppendAsync(Kit.Rows(1), once)).AlreadyApplied.Should().BeTrue();
        (await table.IdsAsync()).Should().Equal(1);
        (await Kit.FilesAsync(_inner, ".parquet")).Should().ContainSingle("the loser's file is deleted again");
    }

    [Fact]
    public async Task An_append_fits_itself_to_a_schema_that_changed_meanwhile()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await WinBeforeAsync(1, other => other.CommitAsync(
            static (snapshot, _) => Task.FromResult<CommitPlan?>(Plan(snapshot.Metadata with
            {
                SchemaString = snapshot.Metadata.SchemaString.Replace("\"name\":\"name\"", "\"name\":\"renamed\"", StringComparison.Ordinal),
            })),
            default));
        (await Kit.CodeOfAsync(() => table.AppendAsync(Kit.Rows(1)))).Should().Be(ErrorCodes.SchemaMismatch);
        (await Kit.FilesAsync(_inner, ".parquet")).Should().BeEmpty();
    }

    [Fact]
    public async Task After_too_many_lost_races_the_files_are_deleted_and_the_error_is_transient()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, null, new() { MaxCommitAttempts = 3 });
        await table.AppendAsync(Kit.Rows(1));
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        _storage.BeforePutIfAbsent = path => path.StartsWith("_delta_log/", StringComparison.Ordinal)
            ? other.AppendAsync(Kit.Rows(100))
            : Task.CompletedTask;
        int derivations = 0;
        Func<Task> act = () => table.CommitAsync(
            async (snapshot, cancellationToken) =>
            {
                derivations++;
                IReadOnlyList<AddFile> files = await table.Writer.WriteAsync(snapshot, [Kit.Rows(7)], cancellationToken);
                return Plan([.. files]) with { WrittenPaths = [.. files.Select(static file => file.Path)] };
            },
            default);
        CommitConflictException error = (await act.Should().ThrowAsync<CommitConflictException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.CommitConflict);
        error.IsTransient.Should().BeTrue();
        derivations.Should().Be(3);
        (await table.IdsAsync()).Should().Equal(1, 100, 100, 100);
        (await Kit.FilesAsync(_inner, ".parquet")).Should().HaveCount(4);
    }

    [Fact]
    public async Task When_nobody_knows_whether_the_commit_stands_its_files_stay()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        _storage.BeforePutIfAbsent = static path => path.EndsWith("1.json", StringComparison.Ordinal)
            ? throw new IOException("the wire was cut")
            : Task.CompletedTask;
        Func<Task> act = () => table.AppendAsync(Kit.Rows(1));
        await act.Should().ThrowAsync<IOException>().WithMessage("the wire was cut");
        (await Kit.FilesAsync(_inner, ".parquet")).Should().ContainSingle();
        _storage.BeforePutIfAbsent = static _ => Task.CompletedTask;
        (await table.AppendAsync(Kit.Rows(2))).Version.Should().Be(1);
        (await table.IdsAsync()).Should().Equal(2);
    }

    [Fact]
    public async Task A_commit_whose_answer_got_lost_is_recognised_as_ours()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        bool first = true;
        _storage.LoseAnswer = path => path.EndsWith("1.json", StringComparison.Ordinal) && first && !(first = false);
        (await table.AppendAsync(Kit.Rows(1))).Version.Should().Be(1);
        (await table.IdsAsync()).Should().Equal(1);
        (await table.HistoryAsync()).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_failed_checkpoint_does_not_fail_the_commit()
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            _storage, Kit.Schema, new() { Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "1" } });
        _storage.BeforePut = static _ => throw new IOException("full");
        _storage.BeforeCreate = static path => path.Contains("checkpoint", StringComparison.Ordinal)
            ? throw new IOException("full")
            : Task.CompletedTask;
        (await table.AppendAsync(Kit.Rows(1))).Version.Should().Be(1);
        (await (await DeltaTable.OpenAsync(_inner)).IdsAsync()).Should().Equal(1);
    }

    [Fact]
    public async Task A_checkpoint_interval_that_makes_no_sense_does_not_fail_the_commit()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        MetadataAction metadata = table.CurrentSnapshot.Metadata with
        {
            Configuration = new Dictionary<string, string> { ["delta.checkpointInterval"] = "often" },
        };
        await table.Log.TryCommitAsync(1, [metadata], default);
        (await table.AppendAsync(Kit.Rows(1))).Version.Should().Be(2);
    }

    [Fact]
    public async Task A_checkpoint_is_written_when_it_is_due()
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            _storage, Kit.Schema, new() { Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "2" } });
        for (int i = 0; i < 5; i++)
        {
            await table.AppendAsync(Kit.Rows(i), new() { TxnAppId = "app", TxnVersion = i });
        }

        for (int version = 0; version < 4; version++)
        {
            await _inner.DeleteAsync($"_delta_log/{version:D20}.json");
        }

        DeltaTable reopened = await DeltaTable.OpenAsync(_inner);
        (await reopened.IdsAsync()).Should().Equal(0, 1, 2, 3, 4);
        reopened.CurrentSnapshot.TransactionVersion("app").Should().Be(4);
        (await Kit.CodeOfAsync(() => reopened.SnapshotAtAsync(1))).Should().Be(ErrorCodes.VersionNotFound);
    }

    [Fact]
    public async Task The_commit_says_who_made_it_from_what()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1), new() { UserMetadata = "mine" });
        CommitInfo info = (await table.Log.ReadCommitAsync(1, default)).OfType<CommitInfo>().Single();
        info.Operation.Should().Be("WRITE");
        info.ReadVersion.Should().Be(0);
        info.IsBlindAppend.Should().BeTrue();
        info.IsolationLevel.Should().Be("WriteSerializable");
        info.EngineInfo.Should().MatchRegex(@"^Lakehouse[.]Incremental/\d+[.]\d+[.]\d+$");
        info.UserMetadata.Should().Be("mine");
        info.TxnId.Should().NotBeNullOrEmpty();
        info.InCommitTimestamp.Should().BeNull();
    }

    [Fact]
    public async Task In_commit_timestamps_rise_even_when_the_clock_does_not()
    {
        DeltaTableOptions options = new() { TimeProvider = new StandingTime() };
        DeltaTable table = await DeltaTable.CreateAsync(
            _storage, Kit.Schema, new() { Properties = new Dictionary<string, string> { ["delta.enableInCommitTimestamps"] = "true" } }, options);
        await table.AppendAsync(Kit.Rows(1));
        await table.AppendAsync(Kit.Rows(2));
        long start = StandingTime.Moment.ToUnixTimeMilliseconds();
        (await table.HistoryAsync()).Select(static version => version.Timestamp.ToUnixTimeMilliseconds()).Should().Equal(start + 2, start + 1, start);
        (await table.VersionAtAsync(StandingTime.Moment.AddMilliseconds(1))).Should().Be(1);
        string line = System.Text.Encoding.UTF8.GetString(await _inner.ReadAsync("_delta_log/00000000000000000002.json")).Split('\n')[0];
        line.Should().StartWith("{\"commitInfo\"");
    }

    [Fact]
    public async Task A_domain_brings_its_feature_along()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { DeletionVectors = false, ChangeDataFeed = true });
        await table.CommitAsync(static (_, _) => Task.FromResult<CommitPlan?>(Plan(new DomainMetadata("mine", "{}"))), default);
        ProtocolAction protocol = table.CurrentSnapshot.Protocol;
        protocol.MinWriterVersion.Should().Be(7);
        protocol.MinReaderVersion.Should().Be(1);
        protocol.WriterFeatures.Should().Contain("domainMetadata").And.Contain("changeDataFeed").And.Contain("appendOnly");
        table.CurrentSnapshot.Domain("mine").Should().Be("{}");
        (await table.AppendAsync(Kit.Rows(1))).Version.Should().Be(2);
    }

    [Fact]
    public async Task Deletion_vectors_need_their_feature()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { DeletionVectors = false });
        await table.AppendAsync(Kit.Rows(1, 2));
        (await Kit.CodeOfAsync(() => table.DeleteAsync(static id => id == 1))).Should().Be(ErrorCodes.UnsupportedFeature);
    }

    [Fact]
    public async Task Contradictory_plans_are_refused()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1));
        AddFile file = table.CurrentSnapshot.Files.Single();
        foreach (DeltaAction[] actions in (DeltaAction[][])
            [
                [new SetTransaction("a", 1), new SetTransaction("a", 2)],
                [file, file],
                [file, RemoveFile.Of(file, 0, true)],
            ])
        {
            Func<Task> act = () => table.CommitAsync((_, _) => Task.FromResult<CommitPlan?>(Plan(actions)), default);
            await act.Should().ThrowAsync<InvalidOperationException>();
        }

        table.CurrentSnapshot.Version.Should().Be(1);
    }

    [Fact]
    public async Task A_table_with_an_unknown_writer_feature_is_read_but_not_written()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1));
        ProtocolAction foreign = table.CurrentSnapshot.Protocol with { WriterFeatures = ["deletionVectors", "liquid"] };
        await table.Log.TryCommitAsync(2, [foreign], default);
        (await table.IdsAsync()).Should().Equal(1);
        Func<Task> act = () => table.AppendAsync(Kit.Rows(2));
        await act.Should().ThrowAsync<UnsupportedFeatureException>().WithMessage("*liquid*");
        (await Kit.FilesAsync(_inner, ".parquet")).Should().ContainSingle();
    }

    private static CommitPlan Plan(params DeltaAction[] actions) => new() { Actions = actions, Info = new CommitInfo { Operation = "TEST" } };

    // Lets another instance commit just before our attempt at a version.
    private async Task WinBeforeAsync(long version, Func<DeltaTable, Task> commit)
    {
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        bool done = false;
        _storage.BeforePutIfAbsent = async path =>
        {
            if (!done && path.EndsWith($"{version:D20}.json", StringComparison.Ordinal))
            {
                done = true;
                await commit(other);
            }
        };
    }

    private sealed class StandingTime : TimeProvider
    {
        public static readonly DateTimeOffset Moment = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Moment;
    }
}
