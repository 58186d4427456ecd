using Lakehouse.Incremental.Delta.Log;

namespace Lakehouse.Incremental.Delta.Tests.Log;

public sealed class LogPathsTests
{
    [Fact]
    public void Names_have_twenty_digits()
    {
        LogPaths.Commit(12).Should().Be("_delta_log/00000000000000000012.json");
        LogPaths.Checkpoint(long.MaxValue).Should().Be("_delta_log/09223372036854775807.checkpoint.parquet");
    }

    [Fact]
    public void Names_are_recognised()
    {
        Parse("00000000000000000012.json").Should().Be(new LogFileName(LogFileKind.Commit, 12));
        Parse("00000000000000000012.checkpoint.parquet").Should().Be(new LogFileName(LogFileKind.ClassicCheckpoint, 12));
        Parse("00000000000000000012.checkpoint.0000000002.0000000003.parquet")
            .Should().Be(new LogFileName(LogFileKind.MultiPartCheckpoint, 12, 2, 3));
        Parse("00000000000000000012.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json")
            .Should().Be(new LogFileName(LogFileKind.UuidCheckpoint, 12));
        Parse("00000000000000000012.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet")
            .Should().Be(new LogFileName(LogFileKind.UuidCheckpoint, 12));
        Parse("00000000000000000012.crc").Should().Be(new LogFileName(LogFileKind.Checksum, 12));
        Parse("00000000000000000012.00000000000000000014.compacted.json").Should().Be(new LogFileName(LogFileKind.Compaction, 12, Last: 14));
    }

    [Theory]
    [InlineData("0.json")]
    [InlineData("000000000000000000012.json")]
    [InlineData("00000000000000000012.json.tmp")]
    [InlineData("00000000000000000012.00000000000000000012.compacted.json")]
    [InlineData("00000000000000000012.00000000000000000011.compacted.json")]
    [InlineData("00000000000000000012.14.compacted.json")]
    [InlineData("00000000000000000012.80a083e8-7026-4e79-81be-64bd76c43a11.json")]
    [InlineData("00000000000000000012.checkpoint.0000000004.0000000003.parquet")]
    [InlineData("00000000000000000012.checkpoint.0000000000.0000000003.parquet")]
    [InlineData("00000000000000000012.checkpoint.1.3.parquet")]
    [InlineData("00000000000000000012.checkpoint..parquet")]
    [InlineData("00000000000000000012.checkpoint.")]
    [InlineData("00000000000000000012")]
    [InlineData("99999999999999999999.json")]
    [InlineData(" 0000000000000000012.json")]
    [InlineData("+0000000000000000012.json")]
    [InlineData(".00000000000000000012.json.crc")]
    [InlineData("_last_checkpoint")]
    [InlineData("_sidecars/00000000000000000012.json")]
    [InlineData("00000000000000000012.checkpoint/x.parquet")]
    public void Other_names_are_not(string name) => Parse(name).Kind.Should().Be(LogFileKind.Other);

    private static LogFileName Parse(string name) => LogPaths.Parse("_delta_log/" + name);
}
