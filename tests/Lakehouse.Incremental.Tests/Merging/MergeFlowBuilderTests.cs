using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

public sealed class MergeFlowBuilderTests
{
    public static TheoryData<string, MergeFlowBuilder> Invalid => new()
    {
        { "a flow needs a name", MergeFlow.Named(" ").Keys("id").SequenceBy("seq") },
        { "at least one key column", MergeFlow.Named("f").SequenceBy("seq") },
        { "at least one sequence column", MergeFlow.Named("f").Keys("id") },
        { "named twice", MergeFlow.Named("f").Keys("id").SequenceBy("ID") },
        { "the target must keep it", MergeFlow.Named("f").Keys("id").SequenceBy("seq").ExceptColumns("seq") },
        { "belong to ScdType.Type2", MergeFlow.Named("f").Keys("id").SequenceBy("seq").TrackHistoryOn("status") },
        { "either TrackHistoryOn or TrackHistoryExcept", MergeFlow.Named("f").Keys("id").SequenceBy("seq").StoredAs(ScdType.Type2).TrackHistoryOn("a").TrackHistoryExcept("b") },
        { "MaxRowsPerCommit must be positive", MergeFlow.Named("f").Keys("id").SequenceBy("seq").MaxRowsPerCommit(0) },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Build_says_which_rule_is_wrong(string expected, MergeFlowBuilder builder)
    {
        Action build = () => builder.Build();

        LakehouseException error = build.Should().Throw<LakehouseException>().Which;
        error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        error.Message.Should().Contain(expected);
    }

    [Fact]
    public void The_target_schema_leaves_out_what_is_excepted_and_adds_the_period()
    {
        Orders.Flow().Build().TargetSchema(Orders.Events).FieldsList.Select(f => f.Name).Should().Equal("id", "seq", "status", "note");
        Orders.Flow(ScdType.Type2).Build().TargetSchema(Orders.Events).FieldsList.Select(f => f.Name)
            .Should().Equal("id", "seq", "status", "note", "__start_at", "__end_at", "__is_current");
    }

    [Fact]
    public void The_target_schema_needs_the_columns_of_the_flow()
    {
        Action schema = () => MergeFlow.Named("f").Keys("absent").SequenceBy("seq").Build().TargetSchema(Orders.Events);

        schema.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
    }
}
