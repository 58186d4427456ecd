namespace GitHistory.Tests;

public sealed class OptionsParserTests
{
    [Fact]
    public void Defaults() => OptionsParser.Parse([]).Should().Be(new Options { Repository = ".", BatchSize = 500 });

    [Fact]
    public void Every_option_is_read() =>
        OptionsParser.Parse(["--commits", "7", "some/where", "--batch-size=12", "--shuffle", "18446744073709551615", "--output", "out"])
            .Should().Be(new Options { Repository = "some/where", Commits = 7, BatchSize = 12, Shuffle = ulong.MaxValue, Output = "out" });

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_is_an_option(string option)
    {
        OptionsParser.Parse([option]).Help.Should().BeTrue();
        OptionsParser.Help.Split('\n').Should().OnlyContain(line => line.Length <= 80);
    }

    [Theory]
    [InlineData("The option --depth is unknown: --help shows the options.", "--depth", "1")]
    [InlineData("--commits needs a whole number from 1 to 2147483647, not '0'.", "--commits", "0")]
    [InlineData("--batch-size needs a whole number from 1 to 1000000, not '-5'.", "--batch-size", "-5")]
    [InlineData("--shuffle needs a whole number from 0 to 18446744073709551615, not 'abc'.", "--shuffle", "abc")]
    [InlineData("--output needs a folder.", "--output")]
    [InlineData("--output needs a folder.", "--output=")]
    [InlineData("--commits is given twice.", "--commits", "1", "--commits", "2")]
    [InlineData("PATH is given twice.", "a", "b")]
    [InlineData("The path of the repository is empty.", "")]
    public void Mistakes_are_named(string message, params string[] arguments) =>
        FluentActions.Invoking(() => OptionsParser.Parse(arguments)).Should().Throw<UsageException>().WithMessage(message);
}
