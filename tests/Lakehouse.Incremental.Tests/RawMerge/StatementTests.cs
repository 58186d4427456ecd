using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Statements that say too little, or what is not so, are refused before anything is read.</summary>
public sealed class StatementTests
{
    [Theory]
    [InlineData("target.n > source.n", ErrorCodes.InvalidConfiguration, "no equality")]
    [InlineData("target.id = source.id AND n > 1", ErrorCodes.ExpressionInvalid, "both sides have a column 'n'")]
    [InlineData("target.id = source.other", ErrorCodes.ExpressionInvalid, "source.other")]
    [InlineData("target.id = source.id AND target.n", ErrorCodes.ExpressionInvalid, "conditions")]
    [InlineData("target.id = ", ErrorCodes.ExpressionInvalid, "not valid")]
    public async Task A_condition_that_does_not_tell_what_matches_is_refused(string condition, string code, string message)
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));

        await Refused(() => table.Merge(Rows("1 1 x")).OnCondition(condition).WhenMatched().Delete().ExecuteAsync(), code, message);
    }

    [Fact]
    public async Task A_clause_sees_only_rows_that_are_there()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        MergeStatement merge = table.Merge(Rows("1 1 x")).On("id");

        await Refused(() => merge.WhenNotMatched("target.n = 1").InsertAll().ExecuteAsync(), ErrorCodes.ExpressionInvalid, "there is no target row");
        await Refused(
            () => merge.WhenNotMatchedBySource(MergeScope.WholeTable).Update(set => set.Set("n", "source.n")).ExecuteAsync(),
            ErrorCodes.ExpressionInvalid,
            "there is no source row");
    }

    [Fact]
    public async Task An_incomplete_statement_is_refused()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));

        await Refused(() => table.Merge(Rows()).WhenMatched().Delete().ExecuteAsync(), ErrorCodes.InvalidConfiguration, "call On");
        await Refused(() => table.Merge(Rows()).On("id").ExecuteAsync(), ErrorCodes.InvalidConfiguration, "has no clause");
        await Refused(() => table.Merge([]).On("id").WhenMatched().Delete().ExecuteAsync(), ErrorCodes.InvalidConfiguration, "has no batch");
    }

    [Fact]
    public async Task A_clause_that_is_never_reached_is_refused()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        MergeStatement merge = table.Merge(Rows("1 1 x")).On("id");
        MergeScope part = MergeScope.Where(Filter.Column("t").EqualTo("a"));

        await Refused(
            () => merge.WhenMatched().Delete().WhenMatched("source.n > 1").UpdateAll().ExecuteAsync(),
            ErrorCodes.InvalidConfiguration,
            "never reached");
        await Refused(
            () => merge.WhenNotMatchedBySource(MergeScope.WholeTable).Delete().WhenNotMatchedBySource(part).Delete().ExecuteAsync(),
            ErrorCodes.InvalidConfiguration,
            "never reached");
        MergeStatement ordered = merge.WhenNotMatchedBySource(part).Delete().WhenNotMatchedBySource(MergeScope.WholeTable).Delete();
        (await ordered.ExecuteAsync()).Version.Should().BeNull();
    }

    [Fact]
    public async Task Values_that_do_not_go_into_their_column_are_refused()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        MatchedClause matched = table.Merge(Rows("1 1 x")).On("id").WhenMatched();

        await Refused(() => matched.Update(set => set.Set("n", "source.t")).ExecuteAsync(), ErrorCodes.ExpressionInvalid, "does not become long");
        await Refused(() => matched.Update(set => set.Set("z", "1")).ExecuteAsync(), ErrorCodes.SchemaMismatch, "'z'");
        await Refused(() => matched.Update(set => set.Set("n", "1").Set("N", "2")).ExecuteAsync(), ErrorCodes.InvalidConfiguration, "twice");
        await Refused(() => matched.Update(set => set.Set("n", "no_such(1)")).ExecuteAsync(), ErrorCodes.ExpressionNotSupported, "no_such");
        await Refused(
            () => matched.Update(set => set.Set("t", "cast(current_date() as string)")).ExecuteAsync(),
            ErrorCodes.ExpressionNotSupported,
            "not deterministic");
    }

    [Fact]
    public async Task A_clause_for_all_columns_needs_all_columns()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        RecordBatch source = Rows(Schema("id", "n", "extra"), "1 11 x", "2 22 y");

        MergeStatement merge = table.Merge(source).On("id");
        await Refused(() => merge.WhenMatched().UpdateAll().ExecuteAsync(), ErrorCodes.SchemaMismatch, "lacks the columns 't'");
        await Refused(() => merge.WhenNotMatched().InsertAll().ExecuteAsync(), ErrorCodes.SchemaMismatch, "lacks the columns 't'");
        await Refused(
            () => table.Merge(Rows("1 1 x")).On("id")
                .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("zone").EqualTo("a"))).Delete().ExecuteAsync(),
            ErrorCodes.SchemaMismatch,
            "zone");
    }

    [Fact]
    public async Task A_value_that_would_change_by_conversion_is_refused()
    {
        Schema narrow = new([new Field("id", Int64Type.Default, true), new Field("v", Int32Type.Default, true)], null);
        DeltaTable table = await DeltaTable.CreateAsync(new Delta.Storage.InMemoryTableStorage(), narrow);
        Int64Array wide = new Int64Array.Builder().Append(5_000_000_000).Build();
        RecordBatch source = new(
            new Schema([new Field("id", Int64Type.Default, true), new Field("v", Int64Type.Default, true)], null), [wide, wide], 1);

        await Refused(() => table.Merge(source).On("id").WhenNotMatched().InsertAll().ExecuteAsync(), ErrorCodes.LossyCast, "5000000000");
    }

    private static async Task Refused(Func<Task> merge, string code, string message)
    {
        LakehouseException error = (await merge.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(code, error.Message);
        error.Message.Should().Contain(message);
    }
}
