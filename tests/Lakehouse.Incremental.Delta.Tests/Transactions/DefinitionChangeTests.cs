using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>Which changes of protocol and metadata leave a running transaction alone.</summary>
public class DefinitionChangeTests
{
    private const string Plain =
        """{"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{}},{"name":"s","type":"""
        + """{"type":"struct","fields":[{"name":"b","type":"long","nullable":true,"metadata":{"comment":"x"}}]}"""
        + ""","nullable":true,"metadata":{}}]}""";

    private const string Mapped =
        """{"type":"struct","fields":[{"name":"a","type":"long","nullable":true"""
        + ""","metadata":{"delta.columnMapping.id":1,"delta.columnMapping.physicalName":"a"}},{"name":"s","type":"""
        + """{"type":"struct","fields":[{"name":"b","type":"long","nullable":true"""
        + ""","metadata":{"comment":"x","delta.columnMapping.id":3,"delta.columnMapping.physicalName":"b"}}]}"""
        + ""","nullable":true,"metadata":{"delta.columnMapping.id":2,"delta.columnMapping.physicalName":"s"}}]}""";

    private static readonly MetadataAction Metadata = new()
    {
        Id = "id",
        SchemaString = Plain,
        PartitionColumns = ["a"],
        Configuration = new Dictionary<string, string> { ["mine"] = "1", ["delta.enableDeletionVectors"] = "false" },
    };

    private static readonly ProtocolAction Protocol = new()
    {
        MinReaderVersion = 3,
        MinWriterVersion = 7,
        ReaderFeatures = ["deletionVectors"],
        WriterFeatures = ["deletionVectors", "invariants"],
    };

    public static TheoryData<string, string?, string?> Properties => new()
    {
        { "delta.enableDeletionVectors", "true", null },
        { "delta.enableDeletionVectors", null, "delta.enableDeletionVectors" },
        { "delta.enableInCommitTimestamps", "true", null },
        { "delta.enableInCommitTimestamps", "false", "delta.enableInCommitTimestamps" },
        { "delta.inCommitTimestampEnablementVersion", "7", null },
        { "delta.checkpointPolicy", "v2", null },
        { "delta.checkpointPolicy", "classic", "delta.checkpointPolicy" },
        { "delta.enableRowTracking", "TRUE", null },
        { "delta.rowTracking.materializedRowIdColumnName", "_row-id-1", null },
        { "delta.columnMapping.mode", "name", null },
        { "delta.columnMapping.mode", "id", "delta.columnMapping.mode" },
        { "delta.columnMapping.maxColumnId", "3", null },
        { "delta.constraints.positive", "a > 0", "delta.constraints.positive" },
        { "delta.appendOnly", "true", "delta.appendOnly" },
        { "delta.enableChangeDataFeed", "true", "delta.enableChangeDataFeed" },
        { "delta.isolationLevel", "Serializable", "delta.isolationLevel" },
        { "mine", "1", null },
        { "mine", "2", "mine" },
        { "mine", null, "mine" },
    };

    [Theory]
    [MemberData(nameof(Properties))]
    public void A_property_that_binds_only_what_comes_later_may_be_turned_on(string key, string? value, string? conflict)
    {
        Dictionary<string, string> configuration = new(Metadata.Configuration);
        configuration.Remove(key);
        if (value is not null)
        {
            configuration.Add(key, value);
        }

        Check(Metadata with { Configuration = configuration }).Should().Be(Expected(VerdictKind.MetadataChanged, conflict));
    }

    [Fact]
    public void A_property_that_is_on_may_not_be_changed()
    {
        MetadataAction before = With("delta.rowTracking.materializedRowIdColumnName", "x");
        Check(With("delta.rowTracking.materializedRowIdColumnName", "y"), before).Kind.Should().Be(VerdictKind.MetadataChanged);
        MetadataAction mapped = With("delta.columnMapping.mode", "name");
        Check(Metadata, mapped).Kind.Should().Be(VerdictKind.MetadataChanged);
        Check(With("delta.columnMapping.mode", "none"), Metadata).Subject.Should().Be("delta.columnMapping.mode");
    }

    [Fact]
    public void All_else_of_the_metadata_stays()
    {
        Check(Metadata with { CreatedTime = 7 }).Kind.Should().Be(VerdictKind.NoConflict);
        Check(Metadata with { Id = "other" }).Subject.Should().Be("id");
        Check(Metadata with { Name = "n" }).Subject.Should().Be("name");
        Check(Metadata with { Description = "d" }).Subject.Should().Be("description");
        Check(Metadata with { PartitionColumns = [] }).Subject.Should().Be("partitionColumns");
        Check(Metadata with { FormatProvider = "orc" }).Subject.Should().Be("format");
    }

    [Theory]
    [InlineData("\"metadata\":{\"comment\":\"x\"}", "\"metadata\":{\"comment\":\"x\",\"delta.identity.highWaterMark\":5}", true)]
    [InlineData("\"metadata\":{\"comment\":\"x\"}", "\"metadata\":{\"comment\":\"x\",\"delta.identity.start\":5}", false)]
    [InlineData("\"metadata\":{\"comment\":\"x\"}", "\"metadata\":{\"comment\":\"y\"}", false)]
    [InlineData("\"name\":\"b\"", "\"name\":\"c\"", false)]
    [InlineData("\"type\":\"long\"", "\"type\":\"string\"", false)]
    [InlineData("\"nullable\":true", "\"nullable\":false", false)]
    [InlineData("{\"type\":\"struct\",", "{  \"type\" : \"struct\",", true)]
    [InlineData("{\"type\":\"struct\",", "{{\"type\":\"struct\",", false)]
    [InlineData("{\"type\":\"struct\",", "{\"type\":\"struct\",\"type\":\"struct\",", false)]
    public void Of_the_schema_only_an_identity_mark_may_change(string old, string now, bool harmless)
    {
        int at = Plain.LastIndexOf(old, StringComparison.Ordinal);
        Check(Metadata with { SchemaString = Plain[..at] + now + Plain[(at + old.Length)..] })
            .Should().Be(Expected(VerdictKind.MetadataChanged, harmless ? null : "schema"));
    }

    [Fact]
    public void Columns_may_be_mapped_to_their_own_names_but_to_no_others()
    {
        MetadataAction on = With("delta.columnMapping.mode", "name") with { SchemaString = Mapped };
        Check(on).Kind.Should().Be(VerdictKind.NoConflict);
        Check(Metadata with { SchemaString = Mapped }).Subject.Should().Be("schema", "without the mode nobody reads them");
        string otherName = Mapped.Replace("physicalName\":\"b\"", "physicalName\":\"col-1\"", StringComparison.Ordinal);
        Check(on with { SchemaString = otherName }).Subject.Should().Be("schema");
        string renamed = Mapped.Replace("\"name\":\"b\"", "\"name\":\"c\"", StringComparison.Ordinal);
        Check(on with { SchemaString = renamed }).Subject.Should().Be("schema");
    }

    [Fact]
    public void Row_tracking_may_not_be_turned_on_under_a_plan_that_copies_rows()
    {
        MetadataAction on = With("delta.enableRowTracking", "true");
        Check(on, ours: Scope(Metadata) with { CopiesRows = true }).Subject.Should().Be("delta.enableRowTracking");
    }

    [Fact]
    public void A_plan_with_metadata_of_its_own_conflicts_with_any_metadata() =>
        Check(Metadata, ours: Scope(Metadata) with { ChangesMetadata = true }).Should().Be(new Verdict(VerdictKind.MetadataChanged, "metadata"));

    [Theory]
    [InlineData("domainMetadata", null)]
    [InlineData("inCommitTimestamp", null)]
    [InlineData("changeDataFeed", null)]
    [InlineData("appendOnly", null)]
    [InlineData("checkConstraints", "checkConstraints")]
    [InlineData("generatedColumns", "generatedColumns")]
    [InlineData("identityColumns", "identityColumns")]
    [InlineData("somethingNew", "somethingNew")]
    public void A_feature_may_be_added_when_it_binds_no_running_transaction(string feature, string? conflict) =>
        Check(Protocol with { WriterFeatures = [.. Protocol.WriterFeatures!, feature] }).Should().Be(Expected(VerdictKind.ProtocolChanged, conflict));

    [Fact]
    public void A_feature_may_not_be_dropped()
    {
        Check(Protocol with { WriterFeatures = ["deletionVectors"] }).Subject.Should().Be("invariants");
        Check(new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 2 }).Subject.Should().Be("deletionVectors");
    }

    [Fact]
    public void A_protocol_that_cannot_be_written_is_a_conflict() =>
        Check(Protocol with { MinWriterVersion = 8 }).Kind.Should().Be(VerdictKind.ProtocolChanged);

    [Fact]
    public void A_legacy_protocol_spelled_out_is_the_same_protocol()
    {
        TransactionScope ours = Scope(Metadata) with { Protocol = new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 2 } };
        ProtocolAction spelled = new() { MinReaderVersion = 1, MinWriterVersion = 7, WriterFeatures = ["appendOnly", "invariants"] };
        ConflictChecker.Check(ours, Winner(spelled), IsolationLevel.Serializable).Kind.Should().Be(VerdictKind.NoConflict);
    }

    [Fact]
    public void A_plan_with_a_protocol_of_its_own_conflicts_with_any_protocol() =>
        ConflictChecker.Check(Scope(Metadata) with { ChangesProtocol = true }, Winner(Protocol), IsolationLevel.Serializable).Kind
            .Should().Be(VerdictKind.ProtocolChanged);

    private static Verdict Expected(VerdictKind kind, string? subject) =>
        subject is null ? new Verdict(VerdictKind.NoConflict) : new Verdict(kind, subject);

    private static MetadataAction With(string key, string value) =>
        Metadata with { Configuration = new Dictionary<string, string>(Metadata.Configuration) { [key] = value } };

    private static TransactionScope Scope(MetadataAction metadata) => new() { Reads = ReadScope.Nothing, Protocol = Protocol, Metadata = metadata };

    private static Verdict Check(DeltaAction winner, MetadataAction? before = null, TransactionScope? ours = null) =>
        ConflictChecker.Check(ours ?? Scope(before ?? Metadata), Winner(winner), IsolationLevel.Serializable);

    private static WinningCommit Winner(DeltaAction action) =>
        WinningCommit.Of(1, [action], new Dictionary<string, DeletionVector>());
}
