using System.Text;
using GitHistory.Git;

namespace GitHistory.Tests.Git;

public sealed class GitPathTests
{
    [Theory]
    [InlineData("readme.md", "readme.md", ".")]
    [InlineData("src/a/b.cs", "src/a/b.cs", "src")]
    [InlineData("tab\there/\"x\"", "tab\there/\"x\"", "tab\there")]
    [InlineData("日本/x", "日本/x", "日本")]
    [InlineData("\"q\"/x", "\"\\\"q\\\"/x\"", "\"\\\"q\\\"\"")]
    public void Valid_text_is_kept_unless_it_begins_with_a_quote(string path, string text, string directory) =>
        GitPath.Parse(Encoding.UTF8.GetBytes(path)).Should().Be(new GitPath(text, directory));

    [Fact]
    public void Bytes_that_are_no_text_are_quoted_as_git_does()
    {
        GitPath.Parse([.. "ok/"u8, 0xE9, 7, 8, 9, 10, 11, 12, 13, (byte)'"', (byte)'\\', 1, 0x7F, (byte)'z'])
            .Should().Be(new GitPath(@"""ok/\351\a\b\t\n\v\f\r\""\\\001\177z""", "ok"));
        GitPath.Parse([0xED, 0xA0, 0x80]).Text.Should().Be("\"\\355\\240\\200\"", "a lone surrogate is not valid UTF-8");
        GitPath.Parse(Histories.Latin1Name).Should().Be(new GitPath(@"""caf\351/x""", @"""caf\351"""));
    }

    [Fact]
    public void Different_bytes_never_get_the_same_text()
    {
        byte[] alphabet = [(byte)'"', (byte)'\\', (byte)'3', (byte)'5', (byte)'1', 0xE9, 0xC3, 0xA9, (byte)'n', 10];
        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < 100_000; i++)
        {
            // All words of five letters over an alphabet of everything that quoting touches.
            byte[] path = [alphabet[i % 10], alphabet[i / 10 % 10], alphabet[i / 100 % 10], alphabet[i / 1000 % 10], alphabet[i / 10_000]];
            seen.TryAdd(GitPath.Parse(path).Text, Convert.ToHexString(path)).Should().BeTrue();
        }
    }

    [Fact]
    public void A_table_gives_the_same_object_for_the_same_bytes()
    {
        PathTable table = new();
        byte[][] paths = ["a/b"u8.ToArray(), "é"u8.ToArray(), [0xE9], [0xC3, 0x83, 0xC2, 0xA9]];
        foreach (byte[] path in paths)
        {
            table[path].Should().BeSameAs(table[path]).And.Be(GitPath.Parse(path));
        }
    }
}
