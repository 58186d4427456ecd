using GitHistory.Git;

namespace GitHistory.Tests.Git;

public sealed class GitRepositoryTests
{
    [Fact]
    public async Task A_missing_folder_a_plain_folder_and_an_empty_repository_are_told_apart()
    {
        using TempFolder folder = new();
        using TestRepository empty = new();
        (await RefusalAsync(folder["nowhere"])).Should().Be($"There is no folder {folder["nowhere"]}.");
        (await RefusalAsync(folder.Path)).Should().Be($"{folder.Path} is not in a git repository.");
        (await RefusalAsync(empty.Path)).Should().Be($"The repository {empty.Path} has no commits yet.");
    }

    [Fact]
    public async Task A_shallow_clone_is_refused()
    {
        using TestRepository repo = Histories.Long(3);
        repo.Git("clone", "-q", "--bare", "--depth", "1", "file://" + repo.Path, repo.Beside("shallow"));
        (await RefusalAsync(repo.Beside("shallow"))).Should().Contain("is a shallow clone");
    }

    [Fact]
    public async Task Every_folder_and_work_tree_of_a_repository_has_the_same_identity()
    {
        using TestRepository repo = Histories.Long(3);
        Directory.CreateDirectory(Path.Combine(repo.Path, "below"));
        repo.Git("worktree", "add", "-q", "--detach", repo.Beside("tree"));

        GitRepository top = await GitRepository.OpenAsync(repo.Path, CancellationToken.None);
        GitRepository below = await GitRepository.OpenAsync(Path.Combine(repo.Path, "below"), CancellationToken.None);
        GitRepository tree = await GitRepository.OpenAsync(repo.Beside("tree"), CancellationToken.None);

        top.Name.Should().Be("repo");
        below.GitDirectory.Should().Be(top.GitDirectory);
        tree.GitDirectory.Should().Be(top.GitDirectory);
        tree.Head.Should().Be(top.Head);
    }

    [Fact]
    public async Task First_parents_are_listed_oldest_first()
    {
        using TestRepository repo = Histories.Merged();
        GitRepository repository = await GitRepository.OpenAsync(repo.Path, CancellationToken.None);
        IReadOnlyList<string> commits = await repository.FirstParentCommitsAsync(CancellationToken.None);
        string.Join('\n', commits.Reverse()).Should().Be(repo.Git("rev-list", "--first-parent", "HEAD"));
        commits.Should().HaveCount(5);
    }

    private static async Task<string> RefusalAsync(string path)
    {
        Func<Task> open = () => GitRepository.OpenAsync(path, CancellationToken.None);
        return (await open.Should().ThrowAsync<UsageException>()).Which.Message;
    }
}
