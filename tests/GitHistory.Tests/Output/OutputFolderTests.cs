using GitHistory.Output;

namespace GitHistory.Tests.Output;

public sealed class OutputFolderTests
{
    private static readonly Marker Sample = new()
    {
        Repository = "/r/.git", LastCommit = new string('a', 40), Commits = 3, BatchSize = 5, Shuffle = ulong.MaxValue,
    };

    [Fact]
    public void A_marker_is_found_again()
    {
        using TempFolder temp = new();
        using (OutputFolder first = OutputFolder.Open(temp["out"]))
        {
            first.Marker.Should().BeNull();
            first.Write(Sample);
        }

        File.WriteAllText(Path.Combine(temp["out"], "anything"), "");
        using OutputFolder second = OutputFolder.Open(temp["out"] + "/");
        second.Marker.Should().Be(Sample);
    }

    [Fact]
    public void A_folder_in_use_is_refused_and_free_again_afterwards()
    {
        using TempFolder temp = new();
        using (OutputFolder.Open(temp["out"]))
        {
            Refusal(temp["out"]).Should().Be($"The output folder {temp["out"]} is in use by another run.");
        }

        OutputFolder.Open(temp["out"]).Dispose();
    }

    [Fact]
    public void Foreign_things_are_refused_and_left_alone()
    {
        using TempFolder temp = new();
        Directory.CreateDirectory(temp["full"]);
        File.WriteAllText(Path.Combine(temp["full"], "thesis.txt"), "years of work");
        File.WriteAllText(temp["file"], "");
        Refusal(temp["full"]).Should().Contain("holds something else");
        Directory.GetFileSystemEntries(temp["full"]).Should().ContainSingle();
        Refusal(temp["file"]).Should().Be($"The output {temp["file"]} is a file, not a folder.");
        Refusal(temp["file"] + "/below").Should().Contain("cannot be written");
    }

    [Theory]
    [InlineData("{", "was not written by this tool")]
    [InlineData("null", "another version")]
    [InlineData("""{"format":2,"repository":"x","lastCommit":"y"}""", "another version")]
    [InlineData("""{"format":1}""", "was not written by this tool")]
    public void A_marker_that_is_not_ours_is_refused(string json, string message)
    {
        using TempFolder temp = new();
        Directory.CreateDirectory(temp["out"]);
        File.WriteAllText(Path.Combine(temp["out"], "git-history.json"), json);
        Refusal(temp["out"]).Should().Contain(message);
    }

    [Fact]
    public void A_run_that_died_before_its_marker_does_not_spoil_the_folder()
    {
        using TempFolder temp = new();
        Directory.CreateDirectory(temp["out"]);
        File.WriteAllText(Path.Combine(temp["out"], "git-history.lock"), "");
        File.WriteAllText(Path.Combine(temp["out"], "git-history.json.new"), "{ \"repos");
        using OutputFolder folder = OutputFolder.Open(temp["out"]);
        folder.Marker.Should().BeNull();
        folder.Write(Sample);
        Directory.GetFiles(temp["out"]).Select(Path.GetFileName).Should().BeEquivalentTo(["git-history.json", "git-history.lock"]);
    }

    private static string Refusal(string path) =>
        FluentActions.Invoking(() => OutputFolder.Open(path)).Should().Throw<UsageException>().Which.Message;
}
