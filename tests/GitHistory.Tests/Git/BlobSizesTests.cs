using GitHistory.Git;
using FileMode = GitHistory.Git.FileMode;

namespace GitHistory.Tests.Git;

public sealed class BlobSizesTests
{
    [Fact]
    public async Task Many_blobs_do_not_block_the_pipes()
    {
        using TestRepository repo = Histories.Long(5);
        GitRepository repository = await GitRepository.OpenAsync(repo.Path, CancellationToken.None);
        await using BlobSizes sizes = await BlobSizes.StartAsync(repository, CancellationToken.None);

        // 20,000 questions and answers are far beyond what both pipes hold.
        List<(string? Mode, string? BlobId)> unknown = [.. Enumerable.Range(1, 20_000).Select(i => ((string?)"100644", (string?)i.ToString("x40")))];
        await sizes.LookUpAsync(unknown, CancellationToken.None);
        await sizes.LookUpAsync(unknown, CancellationToken.None);

        sizes.Missing.Should().Be(20_000, "each blob is asked once");
        sizes["100644", 7.ToString("x40")].Should().BeNull();
    }

    [Fact]
    public async Task Sizes_are_bytes_and_submodules_have_none()
    {
        using TestRepository repo = new();
        repo.Add("a", "äöü");
        repo.Add("link", "target", "120000");
        repo.Commit("one");
        GitRepository repository = await GitRepository.OpenAsync(repo.Path, CancellationToken.None);
        await using BlobSizes sizes = await BlobSizes.StartAsync(repository, CancellationToken.None);
        string file = repo.Git("rev-parse", "HEAD:a"), link = repo.Git("rev-parse", "HEAD:link");
        (string?, string?)[] entries = [("100644", file), ("120000", link), (FileMode.Submodule, new string('1', 40)), (null, null)];
        await sizes.LookUpAsync(entries, CancellationToken.None);

        sizes["100644", file].Should().Be(6);
        sizes["120000", link].Should().Be(6);
        sizes[FileMode.Submodule, new string('1', 40)].Should().BeNull();
        sizes[null, null].Should().BeNull();
        sizes.Missing.Should().Be(0);
    }

    [Fact]
    public async Task A_partial_clone_is_read_without_fetching()
    {
        using TestRepository repo = Histories.Long(10);
        repo.Git("config", "uploadpack.allowFilter", "true");
        repo.Git("clone", "-q", "--bare", "--filter=blob:none", "file://" + repo.Path, repo.Beside("partial"));
        GitRepository partial = await GitRepository.OpenAsync(repo.Beside("partial"), CancellationToken.None);
        string[] packs = Directory.GetFiles(repo.Beside("partial"), "*", SearchOption.AllDirectories);
        await using BlobSizes sizes = await BlobSizes.StartAsync(partial, CancellationToken.None);

        List<GitChange> changes = await HistoryReader.ReadAsync(partial, partial.Head, CancellationToken.None).ToListAsync();
        await sizes.LookUpAsync(changes.Select(c => (c.Mode, c.BlobId)), CancellationToken.None);

        long blobs = changes.Where(c => !c.IsDelete).Select(c => c.BlobId).Distinct().Count();
        sizes.Missing.Should().Be(blobs);
        changes.Should().OnlyContain(c => sizes[c.Mode, c.BlobId] == null);
        Directory.GetFiles(repo.Beside("partial"), "*", SearchOption.AllDirectories).Should().Equal(packs, "nothing was fetched");
    }

    [Fact]
    public async Task An_object_that_is_no_blob_is_an_error()
    {
        using TestRepository repo = Histories.Long(1);
        GitRepository repository = await GitRepository.OpenAsync(repo.Path, CancellationToken.None);
        await using BlobSizes sizes = await BlobSizes.StartAsync(repository, CancellationToken.None);
        await FluentActions.Awaiting(() => sizes.LookUpAsync([("100644", repository.Head)], CancellationToken.None))
            .Should().ThrowAsync<GitException>().WithMessage($"*{repository.Head} commit*");
    }
}
