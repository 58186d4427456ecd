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
    [InlineData("%252e%252e/f", "%2e%2e/f")]
    [InlineData("a+b%2fc", "a+b/c")]
    [InlineData("%2", "%2")]
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
    [InlineData("C:/data/f")]
    [InlineData("C:\\data\\f")]
    [InlineData("file%3A///a/f")]
    [InlineData("a%2F..%2F..%2Ff")]
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

    [Fact]
    public void Whole_paths_come_back_whatever_their_folders_are_called() =>
        Gen.OneOf("a", "s3:", "C:", "a:b", "%", "%2F", "%252e", "100%", "...", "a b", "#?&", "\"<>|", "\u0001", "\U0001F600").Array[1, 4]
            .Select(static segments => string.Join('/', segments))
            .Sample(static path => DataFilePath.Decode(DataFilePath.Encode(path)).Should().Be(path), iter: 1_000);
}
