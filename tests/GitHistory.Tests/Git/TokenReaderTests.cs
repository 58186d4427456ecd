using System.Text;
using GitHistory.Git;

namespace GitHistory.Tests.Git;

public sealed class TokenReaderTests
{
    [Fact]
    public async Task Tokens_of_any_length_come_out_whole()
    {
        string[] expected = ["", "a", new string('b', 65_536), new string('c', 300_000), "", "d", "rest without an end"];
        using MemoryStream stream = new(Encoding.ASCII.GetBytes(string.Join('\n', expected)));
        TokenReader reader = new(stream, (byte)'\n');
        List<string> tokens = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } token)
        {
            tokens.Add(Encoding.ASCII.GetString(token.Span));
        }

        tokens.Should().Equal(expected);
        (await reader.ReadAsync(CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task An_empty_stream_has_no_tokens() =>
        (await new TokenReader(Stream.Null, 0).ReadAsync(CancellationToken.None)).Should().BeNull();
}
