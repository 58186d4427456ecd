using GitHistory.Git;
using GitHistory.Proof;

namespace GitHistory.Tests.Git;

public sealed class HistoryReaderTests
{
    public static TheoryData<string> Repositories => ["rich", "merged", "long"];

    [Theory]
    [MemberData(nameof(Repositories))]
    public async Task Replaying_the_changes_gives_the_tree_of_every_commit(string kind)
    {
        using TestRepository repo = kind switch { "rich" => Histories.Rich(), "merged" => Histories.Merged(), _ => Histories.Long(40) };
        await ReplayShouldEqualTreesAsync(repo.Path);
    }

    [Fact]
    public async Task The_users_configuration_changes_nothing()
    {
        using TestRepository repo = Histories.Rich();
        foreach ((string name, string value) in new[]
        {
            ("diff.renames", "copies"), ("diff.ignoreSubmodules", "all"), ("log.showRoot", "false"), ("log.showSignature", "true"),
            ("diff.relative", "true"),
            ("core.quotePath", "false"), ("log.decorate", "full"), ("log.abbrevCommit", "true"), ("color.ui", "always"),
            ("core.abbrev", "7"), ("log.diffMerges", "off"),
        })
        {
            repo.Git("config", name, value);
        }

        Directory.CreateDirectory(Path.Combine(repo.Path, "below"));
        await ReplayShouldEqualTreesAsync(Path.Combine(repo.Path, "below"));
    }

    [Fact]
    public async Task Bare_clone_and_detached_head_read_like_the_original()
    {
        using TestRepository repo = Histories.Rich();
        List<GitChange> original = await ChangesAsync(await OpenAsync(repo.Path));
        repo.Git("clone", "-q", "--bare", ".", repo.Beside("bare.git"));
        GitRepository bare = await OpenAsync(repo.Beside("bare.git"));
        repo.Git("checkout", "-q", "-f", "--detach");

        (await ChangesAsync(bare)).Should().Equal(original);
        bare.Name.Should().Be("bare");
        (await ChangesAsync(await OpenAsync(repo.Path))).Should().Equal(original);
    }

    [Fact]
    public async Task Object_ids_of_sha256_are_read()
    {
        using TestRepository repo = new("--object-format=sha256");
        repo.Add("a", "1");
        repo.Commit("one");
        GitChange change = (await ChangesAsync(await OpenAsync(repo.Path))).Single();
        change.BlobId.Should().HaveLength(64);
        change.Commit.Id.Should().HaveLength(64);
        await ReplayShouldEqualTreesAsync(repo.Path);
    }

    [Fact]
    public async Task Changes_carry_their_commit()
    {
        using TestRepository repo = Histories.Rich();
        List<GitChange> changes = await ChangesAsync(await OpenAsync(repo.Path));

        GitChange rename = changes.Single(c => c.Path.Text == "lib/renamed.cs");
        rename.Commit.Should().Be(new GitCommit(3, rename.Commit.Id, "Zoë \"Z\" O'Neil: 1 2", 1_700_000_002));
        changes.Where(c => c.Commit.Sequence == 2).Should().BeEmpty("an empty commit has no changes but counts in the sequence");
        changes.Where(c => c.Commit.Sequence == 3).Select(c => (c.Path.Text, c.IsDelete)).Should().BeEquivalentTo(
            [("lib/renamed.cs", false), ("src/a.cs", false), ("src/b.cs", true)]);
        changes.Single(c => c.Commit.Sequence == 4).Mode.Should().Be("100755");
        changes.GroupBy(c => (c.Commit.Sequence, c.Path.Text)).Should().OnlyContain(g => g.Count() == 1);
    }

    [Theory]
    [InlineData("99999999999999", 253_402_300_799)]
    [InlineData("99999999999999999999999", 253_402_300_799)]
    [InlineData("-5", 0)]
    [InlineData("yesterday", 0)]
    public async Task Commits_with_a_broken_time_get_the_nearest_one(string time, long expected)
    {
        using TestRepository repo = Histories.Long(1);
        repo.Add("late", "1");
        string header = $"tree {repo.Git("write-tree")}\nparent {repo.Git("rev-parse", "HEAD")}\nauthor A <a@example.org> 1 +0000\n";
        repo.CommitRaw($"{header}committer A <a@example.org> {time} +0000\n\nm\n");

        GitChange change = (await ChangesAsync(await OpenAsync(repo.Path)))[^1];
        change.Path.Text.Should().Be("late");
        change.Commit.Time.Should().Be(expected);
        (await SampleRun.StartAsync(repo.Path, "--output", repo.Beside("lake"))).ShouldBeOk();
    }

    [Fact]
    public async Task A_reader_that_stops_early_leaves_no_process_waiting()
    {
        using TestRepository repo = Histories.Long(20);
        GitRepository repository = await OpenAsync(repo.Path);
        await foreach (GitChange change in HistoryReader.ReadAsync(repository, repository.Head, CancellationToken.None))
        {
            change.Commit.Sequence.Should().Be(1);
            break;
        }
    }

    private static Task<GitRepository> OpenAsync(string path) => GitRepository.OpenAsync(path, CancellationToken.None);

    private static Task<List<GitChange>> ChangesAsync(GitRepository repository) =>
        HistoryReader.ReadAsync(repository, repository.Head, CancellationToken.None).ToListAsync().AsTask();

    private static async Task ReplayShouldEqualTreesAsync(string path)
    {
        GitRepository repository = await OpenAsync(path);
        await using BlobSizes sizes = await BlobSizes.StartAsync(repository, CancellationToken.None);
        GroundTruth truth = new(repository, sizes);
        IReadOnlyList<string> commits = await repository.FirstParentCommitsAsync(CancellationToken.None);
        List<GitChange> changes = await ChangesAsync(repository);
        await sizes.LookUpAsync(changes.Select(c => (c.Mode, c.BlobId)), CancellationToken.None);

        Dictionary<string, FileRow> files = new(StringComparer.Ordinal);
        for (int sequence = 1; sequence <= commits.Count; sequence++)
        {
            foreach (GitChange change in changes.Where(c => c.Commit.Sequence == sequence))
            {
                change.Commit.Id.Should().Be(commits[sequence - 1]);
                if (change.IsDelete)
                {
                    files.Remove(change.Path.Text).Should().BeTrue();
                }
                else
                {
                    files[change.Path.Text] = new FileRow(change.Path.Text, change.Mode, change.BlobId, sizes[change.Mode, change.BlobId]);
                }
            }

            FileComparison.Difference(files.Values, await truth.ByPathAsync(commits[sequence - 1], CancellationToken.None)).Should().BeNull();
        }

        sizes.Missing.Should().Be(0);
    }
}
