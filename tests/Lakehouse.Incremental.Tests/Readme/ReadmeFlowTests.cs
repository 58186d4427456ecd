using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Tests.Storage;

namespace Lakehouse.Incremental.Tests.Readme;

public sealed class ReadmeFlowTests : IDisposable
{
    private static readonly Schema Events = new(
        [
            new Field("id", StringType.Default, true), new Field("lsn", Int64Type.Default, true), new Field("name", StringType.Default, true),
            new Field("last_seen", StringType.Default, true), new Field("op", StringType.Default, true),
        ],
        null);

    private readonly TempFolder _lake = new();

    [Fact]
    public async Task The_example_of_a_flow_with_more_rules_does_what_its_comments_say()
    {
        RecordBatch batch = Batch(
            ("42", 10, "Ada", "monday", "c"), ("42", 12, "__debezium_unavailable_value", "tuesday", "u"), ("42", 14, null, null, "d"), ("7", 11, "Bob", "monday", "x"));

        string printed = await ReadmeFlowExample.RunAsync(_lake.Path, Events, batch, CancellationToken.None);

        printed.Should().StartWith("4 in: 0 updated, 2 inserted, 0 deleted").And.Contain("1 quarantined");
        printed.Should().Contain("Ada").And.Contain("tuesday").And.NotContain("Bob");
    }

    public void Dispose() => _lake.Dispose();

    private static RecordBatch Batch(params (string Id, long Lsn, string? Name, string? Seen, string Op)[] rows) => new(
        Events,
        [
            Texts(rows.Select(static r => (string?)r.Id)), new Int64Array.Builder().AppendRange(rows.Select(static r => r.Lsn)).Build(),
            Texts(rows.Select(static r => r.Name)), Texts(rows.Select(static r => r.Seen)), Texts(rows.Select(static r => (string?)r.Op)),
        ],
        rows.Length);

    private static StringArray Texts(IEnumerable<string?> values) => new StringArray.Builder().AppendRange(values!).Build();
}
