using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Features;

public sealed class ProtocolGateTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 5)]
    [InlineData(2, 6)]
    public void Legacy_versions_are_written_while_nothing_unknown_is_in_use(int reader, int writer)
    {
        ProtocolAction protocol = new() { MinReaderVersion = reader, MinWriterVersion = writer };
        FluentActions.Invoking(() => ProtocolGate.CheckWrite(protocol, TestLog.Metadata)).Should().NotThrow();
    }

    [Theory]
    [InlineData("deletionVectors")]
    [InlineData("timestampNtz")]
    [InlineData("v2Checkpoint")]
    [InlineData("vacuumProtocolCheck")]
    [InlineData("columnMapping")]
    [InlineData("typeWidening")]
    [InlineData("variantType-preview")]
    public void Known_reader_features_are_read_and_written(string feature)
    {
        FluentActions.Invoking(() => ProtocolGate.CheckWrite(Listed(feature), TestLog.Metadata)).Should().NotThrow();
    }

    [Theory]
    [InlineData("catalogManaged")]
    [InlineData("catalogOwned-preview")]
    [InlineData("geospatial")]
    [InlineData("somethingNew")]
    public void Unknown_reader_features_are_refused_by_name(string feature)
    {
        Refused(() => ProtocolGate.CheckRead(Listed(feature), TestLog.Metadata)).Should().Contain($"'{feature}'");
    }

    [Theory]
    [InlineData("liquid")]
    [InlineData("collations")]
    [InlineData("icebergCompatV3")]
    [InlineData("somethingNew")]
    public void Unknown_writer_features_are_read_but_not_written(string feature)
    {
        ProtocolAction protocol = new() { MinReaderVersion = 1, MinWriterVersion = 7, WriterFeatures = [feature] };
        ProtocolGate.CheckRead(protocol, TestLog.Metadata);
        Refused(() => ProtocolGate.CheckWrite(protocol, TestLog.Metadata)).Should().Contain($"'{feature}'");
    }

    [Fact]
    public void Unknown_versions_are_refused()
    {
        ProtocolAction reader = new() { MinReaderVersion = 4, MinWriterVersion = 7 };
        ProtocolAction writer = new() { MinReaderVersion = 1, MinWriterVersion = 8 };
        Refused(() => ProtocolGate.CheckRead(reader, TestLog.Metadata)).Should().Contain("reader version 4");
        Refused(() => ProtocolGate.CheckWrite(writer, TestLog.Metadata)).Should().Contain("writer version 8");
    }

    [Theory]
    [InlineData("""{"delta.invariants":"x > 1"}""", "delta.constraints.positive")]
    [InlineData("""{"delta.generationExpression":"a+1"}""", "other")]
    [InlineData("""{"delta.identity.start":1}""", "other")]
    public void Rules_for_rows_bind_the_writing_of_rows_and_no_other_commit(string fieldMetadata, string property)
    {
        string schema = $$$"""{"type":"struct","fields":[{"name":"x","type":"long","nullable":true,"metadata":{{{fieldMetadata}}}}]}""";
        MetadataAction metadata = With(property, "x > no_such_function()") with { SchemaString = schema };
        FluentActions.Invoking(() => ProtocolGate.CheckWrite(new() { MinReaderVersion = 1, MinWriterVersion = 6 }, metadata)).Should().NotThrow();
    }

    [Fact]
    public void Other_file_formats_are_refused()
    {
        Refused(() => ProtocolGate.CheckRead(TestLog.Protocol, TestLog.Metadata with { FormatProvider = "orc" })).Should().Contain("'orc'");
    }

    private static ProtocolAction Listed(string feature) =>
        new() { MinReaderVersion = 3, MinWriterVersion = 7, ReaderFeatures = [feature], WriterFeatures = [feature] };

    private static MetadataAction With(string key, string value) =>
        TestLog.Metadata with { Configuration = new Dictionary<string, string> { [key] = value } };

    private static string Refused(Action check)
    {
        UnsupportedFeatureException error = check.Should().Throw<UnsupportedFeatureException>().Which;
        error.ErrorCode.Should().Be(ErrorCodes.UnsupportedFeature);
        return error.Message;
    }
}
