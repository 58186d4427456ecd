using GitHistory.Git;
using GitHistory.Output;

namespace GitHistory.Tests.Output;

public sealed class StreamPlanTests
{
    [Fact]
    public async Task Only_the_same_stream_goes_on()
    {
        using TestRepository repo = Histories.Long(6), other = Histories.Long(2);
        GitRepository repository = await GitRepository.OpenAsync(repo.Path, CancellationToken.None);
        GitRepository stranger = await GitRepository.OpenAsync(other.Path, CancellationToken.None);
        IReadOnlyList<string> all = await repository.FirstParentCommitsAsync(CancellationToken.None);
        Options options = new();
        Marker inOrder = StreamPlan.Resume(options, repository, StreamPlan.Range(all, 4), New(repo, "a"));

        // In order: a longer history, another batch size.
        Check(inOrder, options, repository, all).Should().BeNull();
        Check(inOrder, options with { BatchSize = 9 }, repository, all).Should().BeNull();
        Check(inOrder, options, stranger, all).Should().Contain("the tables of another repository (");
        Check(inOrder, options with { Commits = 3 }, repository, all).Should().Contain("tables fed without --commits");
        Check(inOrder with { Commits = 4 }, options, repository, all).Should().Contain("tables fed with --commits 4");
        Check(inOrder, options with { Shuffle = 1 }, repository, all).Should().Contain("tables fed without --shuffle");
        Check(inOrder, options, repository, all.Take(3).ToList()).Should().Contain("a history that was rewritten since");

        Marker shuffled = StreamPlan.Resume(options with { Shuffle = 1 }, repository, StreamPlan.Range(all, 4), New(repo, "b"));
        Check(shuffled, options with { Shuffle = 1 }, repository, all.Take(4).ToList()).Should().BeNull();
        Check(shuffled, options with { Shuffle = 2 }, repository, all).Should().Contain("tables fed with --shuffle 1");
        Check(shuffled, options with { Shuffle = 1, BatchSize = 9 }, repository, all).Should().Contain("a shuffled stream cut with --batch-size 500");
        Check(shuffled, options with { Shuffle = 1 }, repository, all).Should().Contain("the history has grown since");

        string? Check(Marker found, Options wanted, GitRepository from, IReadOnlyList<string> range)
        {
            using OutputFolder folder = New(repo, "check");
            folder.Write(found);
            try
            {
                StreamPlan.Resume(wanted, from, range, folder).LastCommit.Should().Be(range[^1]);
                return null;
            }
            catch (UsageException refusal)
            {
                return refusal.Message;
            }
        }
    }

    [Fact]
    public void A_limit_takes_the_oldest_commits()
    {
        string[] commits = ["1", "2", "3"];
        StreamPlan.Range(commits, 2).Should().Equal("1", "2");
        StreamPlan.Range(commits, 9).Should().Equal(commits);
        StreamPlan.Range(commits, null).Should().Equal(commits);
    }

    private static OutputFolder New(TestRepository repo, string name) => OutputFolder.Open(repo.Beside(name));
}
