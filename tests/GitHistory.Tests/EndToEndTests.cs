namespace GitHistory.Tests;

public sealed class EndToEndTests
{
    [Theory]
    [InlineData("rich", "--batch-size", "3")]
    [InlineData("rich", "--shuffle", "1", "--batch-size", "4")]
    [InlineData("merged", "--batch-size", "1")]
    [InlineData("merged", "--shuffle", "2", "--batch-size", "2")]
    [InlineData("long", "--batch-size", "17")]
    [InlineData("long", "--shuffle", "3", "--batch-size", "11")]
    public async Task Every_proof_holds(string kind, params string[] options)
    {
        using TestRepository repo = kind switch { "rich" => Histories.Rich(), "merged" => Histories.Merged(), _ => Histories.Long(60) };
        SampleRun run = (await SampleRun.StartAsync([repo.Path, "--output", repo.Beside("lake"), .. options])).ShouldBeOk();
        run.Results["all applied again"].Should().StartWith("ok: nothing changed");
        run.Output.Split('\n').Should().OnlyContain(line => line.Length <= 80 || line.Contains(" commits → "));
    }

    [Theory]
    [InlineData]
    [InlineData("--shuffle", "5")]
    public async Task A_second_run_says_that_there_is_nothing_new(params string[] options)
    {
        using TestRepository repo = Histories.Long(20);
        string[] arguments = [repo.Path, "--output", repo.Beside("lake"), "--batch-size", "9", .. options];
        (await SampleRun.StartAsync(arguments)).ShouldBeOk();
        string[] before = Commits(repo.Beside("lake"));
        SampleRun again = (await SampleRun.StartAsync(arguments)).ShouldBeOk();
        again.Results["events applied"].Should().Contain("nothing new");
        Commits(repo.Beside("lake")).Should().Equal(before);
    }

    [Fact]
    public async Task A_grown_history_goes_on_where_it_stood()
    {
        using TestRepository repo = Histories.Long(20);
        string[] arguments = [repo.Path, "--output", repo.Beside("lake"), "--batch-size", "9"];
        (await SampleRun.StartAsync(arguments)).ShouldBeOk();
        Histories.Extend(repo, 20, 33);
        SampleRun grown = (await SampleRun.StartAsync(arguments)).ShouldBeOk();
        grown.Results["events applied"].Should().NotContain("nothing new");

        (await SampleRun.StartAsync([repo.Path, "--output", repo.Beside("fresh"), "--batch-size", "500"])).ShouldBeOk();
        SampleRun resized = (await SampleRun.StartAsync([repo.Path, "--output", repo.Beside("lake"), "--batch-size", "4"])).ShouldBeOk();
        resized.Results["events applied"].Should().Contain("nothing new");

        string[] shuffled = [repo.Path, "--output", repo.Beside("shuffled"), "--shuffle", "1"];
        (await SampleRun.StartAsync(shuffled)).ShouldBeOk();
        Histories.Extend(repo, 33, 34);
        await ShouldBeRefusedAsync("the history has grown since", shuffled);
        repo.Git("reset", "-q", "--soft", "HEAD~5");
        await ShouldBeRefusedAsync("a history that was rewritten since", arguments);
    }

    [Fact]
    public async Task A_limit_stops_at_the_oldest_commits()
    {
        using TestRepository repo = Histories.Long(20);
        SampleRun run = (await SampleRun.StartAsync(repo.Path, "--output", repo.Beside("lake"), "--commits", "5")).ShouldBeOk();
        run.Output.Should().StartWith("repo: 5 commits");
        Histories.Extend(repo, 20, 22);
        SampleRun again = (await SampleRun.StartAsync(repo.Path, "--output", repo.Beside("lake"), "--commits", "5")).ShouldBeOk();
        again.Results["events applied"].Should().Contain("nothing new");
    }

    [Fact]
    public async Task A_bare_partial_clone_has_null_sizes_and_counts_the_blobs()
    {
        using TestRepository repo = Histories.Long(12);
        repo.Git("config", "uploadpack.allowFilter", "true");
        repo.Git("clone", "-q", "--bare", "--filter=blob:none", "file://" + repo.Path, repo.Beside("partial"));
        SampleRun run = (await SampleRun.StartAsync(repo.Beside("partial"), "--output", repo.Beside("lake"))).ShouldBeOk();
        run.Results["blobs not in the clone"].Should().EndWith(", with a null size");

        repo.Git("clone", "-q", "--bare", "--filter=tree:0", "file://" + repo.Path, repo.Beside("treeless"));
        await ShouldBeRefusedAsync("does not hold all trees", repo.Beside("treeless"), "--output", repo.Beside("lake2"));
    }

    [Fact]
    public async Task A_partial_clone_that_fetches_blobs_later_still_goes_on()
    {
        using TestRepository repo = Histories.Long(12);
        repo.Git("config", "uploadpack.allowFilter", "true");
        repo.Git("config", "uploadpack.allowAnySHA1InWant", "true");
        repo.Git("clone", "-q", "--bare", "--filter=blob:none", "file://" + repo.Path, repo.Beside("partial"));
        string[] arguments = [repo.Beside("partial"), "--output", repo.Beside("lake"), "--batch-size", "5"];
        SampleRun first = (await SampleRun.StartAsync(arguments)).ShouldBeOk();

        Histories.Extend(repo, 12, 15);
        TestRepository.RunIn(repo.Beside("partial"), "fetch", "-q", "--filter=blob:none", "origin", "main:main");
        TestRepository.RunIn(repo.Beside("partial"), "cat-file", "-p", "HEAD:root0").Should().NotBeEmpty();
        TestRepository.RunIn(repo.Beside("partial"), "cat-file", "-p", "HEAD~8:root2").Should().NotBeEmpty();
        SampleRun second = (await SampleRun.StartAsync(arguments)).ShouldBeOk();
        second.Results["events applied"].Should().NotContain("nothing new");
        second.Results["blobs not in the clone"].Should().NotBe(first.Results["blobs not in the clone"]);
    }

    [Fact]
    public async Task What_stands_in_the_way_is_said_in_one_sentence()
    {
        using TestRepository repo = Histories.Long(2), empty = new();
        using TempFolder plain = new();
        Directory.CreateDirectory(plain["taken"]);
        File.WriteAllText(Path.Combine(plain["taken"], "notes"), "");
        await ShouldBeRefusedAsync("is not in a git repository.", plain.Path, "--output", plain["o"]);
        await ShouldBeRefusedAsync("has no commits yet.", empty.Path, "--output", plain["o"]);
        await ShouldBeRefusedAsync("holds something else", repo.Path, "--output", plain["taken"]);
        await ShouldBeRefusedAsync("is unknown", repo.Path, "--frobnicate");
        Directory.Exists(plain["o"]).Should().BeFalse("a refused run leaves nothing behind");
        using (GitHistory.Output.OutputFolder.Open(plain["busy"]))
        {
            await ShouldBeRefusedAsync("is in use by another run.", repo.Path, "--output", plain["busy"]);
        }

        (await SampleRun.StartAsync("--help")).Output.Should().Contain("--batch-size N");
    }

    [Fact]
    public async Task Damage_in_Silver_fails_the_proofs()
    {
        using TestRepository repo = Histories.Long(20);
        string[] arguments = [repo.Path, "--output", repo.Beside("lake")];
        (await SampleRun.StartAsync(arguments)).ShouldBeOk();
        await DamageAsync(repo.Beside("lake"));

        SampleRun run = await SampleRun.StartAsync(arguments);
        run.ExitCode.Should().Be(Application.Failed, "{0}{1}", run.Output, run.Error);
        run.Results["silver/files = ls-tree"].Should().StartWith("FAILED");
        run.Results["silver/files reconciled"].Should().StartWith("FAILED");
        run.Results["silver/files_history = ls-tree"].Should().StartWith("ok");
    }

    private static async Task DamageAsync(string lake)
    {
        Lakehouse.Incremental.Delta.DeltaTable silver = await Lakehouse.Incremental.Delta.DeltaTable.OpenAsync(Path.Combine(lake, "silver", "files"));
        List<Apache.Arrow.RecordBatch> rows = await silver.ReadAsync([.. silver.CurrentSnapshot.Schema.FieldsList.Select(f => f.Name)]).ToListAsync();
        await silver.AppendAsync(rows[0].Slice(0, 1));
    }

    private static string[] Commits(string lake) =>
        [.. Directory.GetFiles(lake, "*.json", SearchOption.AllDirectories).Where(f => f.Contains("_delta_log")).Order(StringComparer.Ordinal)];

    private static async Task ShouldBeRefusedAsync(string reason, params string[] arguments)
    {
        SampleRun run = await SampleRun.StartAsync(arguments);
        run.ExitCode.Should().Be(Application.NotPossible, "{0}", run.Output);
        run.Error.Should().Contain(reason).And.NotContain("\n");
        run.Results.Should().BeEmpty();
    }
}
