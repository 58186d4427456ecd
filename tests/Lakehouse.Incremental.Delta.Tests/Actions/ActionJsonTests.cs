using System.Text;
using CsCheck;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Tests.Actions;

public sealed class ActionJsonTests
{
    private static readonly string[] s_operations = ["WRITE"];

    [Fact]
    public void What_is_written_is_read_again() => ActionGen.Action.List[0, 8].Sample(actions =>
    {
        byte[] commit = ActionJson.WriteCommit(actions);
        IReadOnlyList<DeltaAction> read = ActionJson.ReadCommit(commit, "0.json");

        return commit.Count(static b => b == (byte)'\n') == actions.Count
            && read.Select(static action => action.GetType()).SequenceEqual(actions.Select(static action => action.GetType()))
            && ActionJson.WriteCommit(read).AsSpan().SequenceEqual(commit);
    });

    [Fact]
    public void Every_field_of_an_add_survives()
    {
        AddFile add = new()
        {
            Path = "p=a%253Ab/part 1.parquet",
            PartitionValues = new Dictionary<string, string?> { ["p"] = "a:b", ["q"] = null },
            Size = 12,
            ModificationTime = 34,
            DataChange = true,
            Stats = "{\"numRecords\":3}",
            Tags = new Dictionary<string, string?> { ["t"] = "1" },
            DeletionVector = new DeletionVectorDescriptor("u", "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 6),
            BaseRowId = 5,
            DefaultRowCommitVersion = 6,
            ClusteringProvider = "liquid",
        };

        Read(ActionJson.WriteCommit([add])).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(add, static options => options.RespectingRuntimeTypes());
    }

    [Fact]
    public void Statistics_are_not_escaped_more_than_json_asks_for()
    {
        string text = Encoding.UTF8.GetString(ActionJson.WriteCommit(
            [new AddFile { Path = "é", Size = 1, ModificationTime = 2, DataChange = false, Stats = "{\"a\":\"<é>\"}" }]));

        text.Should().Be(
            """{"add":{"path":"é","partitionValues":{},"size":1,"modificationTime":2,"dataChange":false,"stats":"{\"a\":\"<é>\"}"}}""" + "\n");
    }

    [Fact]
    public void Cdc_always_says_that_it_changes_no_data()
    {
        Encoding.UTF8.GetString(ActionJson.WriteCommit([new AddCdcFile { Path = "c", Size = 1 }])).Should().Contain("\"dataChange\":false");
    }

    [Fact]
    public void Unknown_actions_and_fields_are_skipped()
    {
        IReadOnlyList<DeltaAction> actions = Read(
            """
            {"futureAction":{"a":1}}
            {"add":{"future":[1,{"x":2}],"size":1,"path":"a","partitionValues":{},"modificationTime":1,"dataChange":true}}

            {"txn":null}
            {"txn":{"version":3,"appId":"app"}}
            """);

        actions.Should().HaveCount(2);
        actions[0].Should().BeOfType<AddFile>().Which.Path.Should().Be("a");
        actions[1].Should().Be(new SetTransaction("app", 3));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("7.0")]
    [InlineData("70e-1")]
    [InlineData("\"7\"")]
    public void Whole_numbers_may_be_spelled_in_any_way(string number)
    {
        Read($$$"""{"txn":{"appId":"a","version":{{{number}}}}}""").Should().Equal(new SetTransaction("a", 7));
    }

    [Theory]
    [InlineData("7.5")]
    [InlineData("9223372036854775808")]
    [InlineData("\"seven\"")]
    [InlineData("{}")]
    public void Other_numbers_are_refused(string number)
    {
        Refused($$$"""{"txn":{"appId":"a","version":{{{number}}}}}""").Should().Contain("txn.version");
    }

    [Fact]
    public void Unknown_fields_of_commit_info_are_kept()
    {
        const string Line =
            """{"commitInfo":{"operation":"WRITE","clusterId":"c","readVersion":"many","notebook":{"id":[1,2]},"userMetadata":{"x":1}}}""";
        CommitInfo info = Read(Line).Should().ContainSingle().Which.Should().BeOfType<CommitInfo>().Subject;

        new[] { info.Operation }.Should().Equal(s_operations);
        info.ReadVersion.Should().BeNull();
        info.Extra!.ToJsonString().Should().Be("""{"clusterId":"c","readVersion":"many","notebook":{"id":[1,2]},"userMetadata":{"x":1}}""");
        Read(ActionJson.WriteCommit([info])).Single().Should().BeOfType<CommitInfo>()
            .Which.Extra!.ToJsonString().Should().Be(info.Extra.ToJsonString());
    }

    [Fact]
    public void Carriage_returns_and_a_byte_order_mark_do_no_harm()
    {
        Read("\uFEFF{\"txn\":{\"appId\":\"a\",\"version\":1}}\r\n{\"txn\":{\"appId\":\"b\",\"version\":2}}\r\n\r\n").Should().HaveCount(2);
    }

    [Theory]
    [InlineData("{\"add\":{\"path\":\"a\"")]
    [InlineData("{\"add\":{\"path\":\"a\"}}")]
    [InlineData("{\"add\":[]}")]
    [InlineData("[]")]
    [InlineData("{\"txn\":{\"appId\":\"a\",\"version\":1}}x")]
    [InlineData("{\"txn\":{\"appId\":\"a\",\"version\":1,\"version\":2}}")]
    [InlineData("{\"txn\":{\"appId\":7,\"version\":1}}")]
    [InlineData("{\"txn\":{\"appId\":\"\\ud800\",\"version\":1}}")]
    [InlineData("{\"metaData\":{\"id\":\"a\",\"schemaString\":\"{}\",\"partitionColumns\":[1]}}")]
    [InlineData("\0")]
    public void A_broken_line_is_named(string line)
    {
        Refused("{\"txn\":{\"appId\":\"a\",\"version\":1}}\n" + line + "\n").Should().Contain("Line 2 of '7.json'");
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        byte[] commit = Encoding.Latin1.GetBytes("{\"txn\":{\"appId\":\"\u00ff\",\"version\":1}}");
        FluentActions.Invoking(() => ActionJson.ReadCommit(commit, "7.json")).Should().Throw<CorruptTableException>().WithMessage("*Line 1*");
    }

    private static IReadOnlyList<DeltaAction> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static IReadOnlyList<DeltaAction> Read(byte[] commit) => ActionJson.ReadCommit(commit, "7.json");

    private static string Refused(string text)
    {
        CorruptTableException error = FluentActions.Invoking(() => Read(text)).Should().Throw<CorruptTableException>().Which;
        error.ErrorCode.Should().Be(ErrorCodes.CorruptLog);
        return error.Message;
    }
}
