using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Tests.Features;

public sealed class ProtocolFactoryTests
{
    private static readonly StructType s_plain = new([new StructField("id", PrimitiveType.Long)]);

    [Fact]
    public void Plain_tables_need_nothing() => Expect(s_plain, [], 1, 1, null, null);

    [Fact]
    public void Old_features_take_old_versions()
    {
        Expect(new StructType([new StructField("id", PrimitiveType.Long, Nullable: false)]), [], 1, 2, null, null);
        Expect(s_plain, [("delta.appendOnly", "true")], 1, 2, null, null);
        Expect(s_plain, [("delta.enableChangeDataFeed", "true")], 1, 4, null, null);
    }

    [Fact]
    public void Deletion_vectors_need_lists_with_exactly_what_is_used()
    {
        Expect(s_plain, [("delta.enableDeletionVectors", "true")], 3, 7, ["deletionVectors"], ["deletionVectors"]);
        Expect(
            new StructType([new StructField("id", PrimitiveType.Long, Nullable: false)]),
            [("delta.enableDeletionVectors", "true"), ("delta.enableChangeDataFeed", "true"), ("delta.feature.domainMetadata", "supported")],
            3,
            7,
            ["deletionVectors"],
            ["changeDataFeed", "deletionVectors", "domainMetadata", "invariants"]);
    }

    [Fact]
    public void Writer_features_leave_readers_alone()
    {
        Expect(s_plain, [("delta.feature.domainMetadata", "supported")], 1, 7, null, ["domainMetadata"]);
        Expect(s_plain, [("delta.enableInCommitTimestamps", "true")], 1, 7, null, ["inCommitTimestamp"]);
    }

    [Fact]
    public void Timestamps_without_zone_are_found_at_any_depth()
    {
        StructType schema = new([new StructField("m", new MapType(PrimitiveType.String, new ArrayType(PrimitiveType.TimestampNtz)))]);
        Expect(schema, [], 3, 7, ["timestampNtz"], ["timestampNtz"]);
    }

    [Fact]
    public void Every_protocol_made_here_can_be_written()
    {
        ProtocolAction protocol = ProtocolFactory.For(
            s_plain, Properties([("delta.enableDeletionVectors", "true"), ("delta.feature.v2Checkpoint", "supported")]));
        FluentActions.Invoking(() => ProtocolGate.CheckWrite(protocol, Log.TestLog.Metadata)).Should().NotThrow();
    }

    [Fact]
    public void Features_that_cannot_be_written_are_refused()
    {
        FluentActions.Invoking(() => ProtocolFactory.For(s_plain, Properties([("delta.feature.icebergCompatV3", "supported")])))
            .Should().Throw<UnsupportedFeatureException>().WithMessage("*icebergCompatV3*");
    }

    [Fact]
    public void Requests_for_features_are_no_properties()
    {
        ProtocolFactory.WithoutRequests(Properties([("delta.feature.domainMetadata", "supported"), ("a", "b")]))
            .Should().Equal(new Dictionary<string, string> { ["a"] = "b" });
    }

    private static void Expect(
        StructType schema, (string, string)[] properties, int reader, int writer, string[]? readerFeatures, string[]? writerFeatures)
    {
        ProtocolAction protocol = ProtocolFactory.For(schema, Properties(properties));
        protocol.MinReaderVersion.Should().Be(reader);
        protocol.MinWriterVersion.Should().Be(writer);
        protocol.ReaderFeatures.Should().BeEquivalentTo(readerFeatures);
        protocol.WriterFeatures.Should().BeEquivalentTo(writerFeatures);
    }

    private static Dictionary<string, string> Properties((string Key, string Value)[] entries) =>
        entries.ToDictionary(static entry => entry.Key, static entry => entry.Value);
}
