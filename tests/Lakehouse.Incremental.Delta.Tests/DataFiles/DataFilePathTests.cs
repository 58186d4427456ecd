using CsCheck;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class DataFilePathTests
{
    [Theory]
    [InlineData("part-0.parquet", "part-0.parquet")]
    [InlineData("p=a%253Ab/f", "p=a%3Ab/f")]
    [InlineData("p=a%20b/f", "p=a b/f")]
    [InlineData("p=Z%C3%BCrich/f", "p=Zürich/f")]
    [InlineData("p=100%/f", "p=100%/f")]
    [InlineData("p=%ZZ/f", "p=%ZZ/f")]
    [InlineData("p=a:b/f", "p=a:b/f")]
    [InlineData("a/..b/f", "a/..b/f")]
    public void Paths_are_decoded_once(string inLog, string onStorage)
    {
        DataFilePath.Decode(inLog).Should().Be(onStorage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("%2Fetc/passwd")]
    [InlineData("../f")]
    [InlineData("a/../f")]
    [InlineData("a/%2E%2E/f")]
    [InlineData("a/./f")]
    [InlineData("a//f")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("a%5C..%5Cb")]
    [InlineData("a%00b")]
    [InlineData("file:/a/b")]
    [InlineData("s3://bucket/f")]
    public void Paths_out_of_the_table_are_refused(string inLog)
    {
        Action decode = () => DataFilePath.Decode(inLog);
        decode.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.PathNotAllowed);
    }

    [Fact]
    public void What_is_encoded_is_decoded_to_the_same()
    {
        Gen.String[1, 20].Where(static text => !text.Any(static c => c is '/' or '\\' or '\0' || char.IsSurrogate(c)) && text is not "." and not "..")
            .Sample(static text =>
        {
            string encoded = DataFilePath.Encode("d=" + text + "/f");
            return DataFilePath.Decode(encoded) == "d=" + text + "/f" && encoded.All(static c => char.IsAscii(c) && c > ' ');
        });
    }
}
