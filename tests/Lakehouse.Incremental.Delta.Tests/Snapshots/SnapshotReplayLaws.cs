using CsCheck;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Snapshots;

/// <summary>However a version is reached - commit by commit, from the log, or over a checkpoint - it is the same table.</summary>
public sealed class SnapshotReplayLaws
{
    // Few names, so that files, vectors, domains and transactions meet again and again.
    private static readonly Gen<DeltaAction> s_action = Gen.OneOf(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 9], static (path, vector, rows) =>
            (DeltaAction)TestLog.Add($"f{path}", rows, vector == 0 ? null : TestLog.Vector($"v{vector}", vector))),
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Long[0, 9], static (path, vector, time) =>
            (DeltaAction)RemoveFile.Of(TestLog.Add($"f{path}", 1, vector == 0 ? null : TestLog.Vector($"v{vector}", vector)), time, true)),
        Gen.Select(Gen.Int[0, 2], Gen.Long[0, 9], static (app, version) => (DeltaAction)new SetTransaction($"app{app}", version)),
        Gen.Select(Gen.Int[0, 2], Gen.Bool, static (domain, removed) => (DeltaAction)new DomainMetadata($"d{domain}", "x", removed)));

    // A commit names a logical file at most once.
    private static readonly Gen<DeltaAction[]> s_commit = s_action.Array[0, 5].Select(static actions => actions.DistinctBy(Subject).ToArray());

    [Fact]
    public void All_ways_to_a_version_agree() => Gen.Select(s_commit.Array[1, 8], Gen.Int[0, 8], Gen.Bool).Sample(async (commits, at, parts) =>
    {
        TestLog table = new(new ManualTime());
        await table.CommitAsync(TestLog.Protocol, TestLog.Metadata);
        Snapshot stepwise = await table.LoadAsync();
        foreach (DeltaAction[] commit in commits)
        {
            long version = await table.CommitAsync(commit);
            stepwise = stepwise.Apply(version, commit, 1_700_000_000_000);
        }

        string replayed = Describe(await table.LoadAsync());
        await table.CheckpointAsync(Math.Min(at, commits.Length), parts ? 3 : 1);
        string checkpointed = Describe(await table.LoadAsync());

        stepwise.RowCount.Should().Be(stepwise.Files.Sum(file => RowCounts.Of(file)));
        replayed.Should().Be(Describe(stepwise));
        checkpointed.Should().Be(Describe(stepwise));
        Describe(Model(commits)).Should().Be(Describe(stepwise.Files));
    }, iter: 300);

    private static string Subject(DeltaAction action) => action switch
    {
        AddFile add => add.Path,
        RemoveFile remove => "-" + remove.Path,
        SetTransaction transaction => transaction.AppId,
        DomainMetadata domain => domain.Domain,
        _ => "",
    };

    // The rule of the protocol in its plainest form: of each logical file the newest reference wins; of one path the newest add.
    private static IEnumerable<AddFile> Model(DeltaAction[][] commits)
    {
        Dictionary<string, AddFile> live = [];
        foreach (DeltaAction[] commit in commits)
        {
            foreach (RemoveFile remove in commit.OfType<RemoveFile>())
            {
                if (live.TryGetValue(remove.Path, out AddFile? file) && file.DeletionVector?.UniqueId == remove.DeletionVector?.UniqueId)
                {
                    live.Remove(remove.Path);
                }
            }

            foreach (AddFile add in commit.OfType<AddFile>())
            {
                live[add.Path] = add;
            }
        }

        return live.Values.OrderBy(file => file.Path, StringComparer.Ordinal);
    }

    private static string Describe(IEnumerable<AddFile> files) => string.Join("\n", files.Select(static file => Line(file)));

    private static string Describe(Snapshot snapshot) => string.Join(
        "\n",
        [
            $"{snapshot.Version} {snapshot.RowCount} {snapshot.SizeInBytes} {snapshot.FileCount}",
            Describe(snapshot.Files),
            .. snapshot.Tombstones.Select(Line).Order(StringComparer.Ordinal),
            .. snapshot.Transactions.Values.Select(Line),
            .. snapshot.Domains.Values.Select(Line),
        ]);

    private static string Line(DeltaAction action) => System.Text.Encoding.UTF8.GetString(ActionJson.WriteCommit([action]));
}
