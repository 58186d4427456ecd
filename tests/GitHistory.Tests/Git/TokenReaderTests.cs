using System.Text;
using GitHistory.Git;

namespace GitHistory.Tests.Git;

public sealed class TokenReaderTests
{
    [Fact]
    public async Task Tokens_of_any_length_come_out_whole()
    {
        string[] expected = ["", "a", new string('b', 65_536), new string('c', 300_000), "", "d", ""];
        using MemoryStream stream = new(Encoding.ASCII.GetBytes(string.Concat(expected.Select(token => token + '\n'))));
        TokenReader reader = new(stream, (byte)'\n');
        List<string> tokens = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } token)
        {
            tokens.Add(Encoding.ASCII.GetString(token.Span));
        }

        tokens.Should().Equal(expected);
        (await reader.ReadAsync(CancellationToken.None)).Should().BeNull();
        reader.IsCutOff.Should().BeFalse();
    }

    [Fact]
    public async Task A_token_that_was_cut_off_is_not_handed_out()
    {
        using MemoryStream stream = new(Encoding.ASCII.GetBytes("whole\0src/ha"));
        TokenReader reader = new(stream, 0);
        Encoding.ASCII.GetString((await reader.ReadAsync(CancellationToken.None))!.Value.Span).Should().Be("whole");
        (await reader.ReadAsync(CancellationToken.None)).Should().BeNull("half a path looks like a path");
        reader.IsCutOff.Should().BeTrue();
    }

    [Fact]
    public async Task An_empty_stream_has_no_tokens() =>
        (await new TokenReader(Stream.Null, 0).ReadAsync(CancellationToken.None)).Should().BeNull();
}
