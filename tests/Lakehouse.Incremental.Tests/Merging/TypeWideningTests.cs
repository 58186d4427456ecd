using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Events in wider or narrower types than the target (semantics 2.13).</summary>
public sealed class TypeWideningTests
{
    private static readonly DeltaTableCreateOptions s_widens = new() { Properties = new Dictionary<string, string> { ["delta.enableTypeWidening"] = "true" } };

    [Theory]
    [InlineData("int", "long", "7", "8000000000")]
    [InlineData("byte", "int", "7", "70000")]
    [InlineData("float", "double", "0.5", "1E+100")]
    [InlineData("decimal(5,2)", "decimal(12,4)", "1.50", "12345678.1234")]
    [InlineData("int", "decimal(12,2)", "7", "12345.10")]
    public async Task A_wider_type_widens_the_column_where_the_table_allows_it(string narrow, string wide, string first, string second)
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), $"k s:long n:{narrow}", s_widens);
        await bench.ApplyAsync($"x 1 {first}", "y 1 _");

        await bench.ApplyColumnsAsync($"k s:long n:{wide}", $"x 2 {second}");
        await bench.ApplyAsync($"x 3 {first}");

        string[] rows = await bench.RowsAsync();
        rows.Should().HaveCount(4);
        rows[1].Should().Contain(second).And.EndWith("[2,3)");
        bench.Table.CurrentSnapshot.Schema.GetFieldByName("n").DataType.TypeId.Should().Be(WordTypes.Parse(wide).TypeId);
    }

    [Theory]
    [InlineData("int", "long", "7")]
    [InlineData("float", "double", "0.5")]
    [InlineData("decimal(5,2)", "decimal(12,4)", "1.50")]
    [InlineData("int", "decimal(12,2)", "7")]
    public async Task An_event_that_comes_again_in_a_wider_type_is_the_same_event(string narrow, string wide, string value)
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), $"k s:long n:{narrow}", s_widens);
        string[] events = [$"x 1 {value}", "x 2 _", $"x 3 {value}", $"x 4 {value}", $"x 5 {value}"];
        await bench.ApplyAsync(events);
        string[] rows = await bench.RowsAsync();

        MergeResult again = await bench.ApplyColumnsAsync($"k s:long n:{wide}", events);

        (again.Duplicates, again.Ties).Should().Be((5, 0));
        (await bench.RowsAsync()).Should().HaveSameCount(rows);
    }

    [Fact]
    public async Task An_event_that_was_remembered_in_the_narrow_type_still_counts()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), "k s:long a n:int", s_widens);
        await bench.ApplyAsync("x 10 A 1", "x 20 A 1", "x 30 A 1");

        await bench.ApplyColumnsAsync("k s:long a n:long", "x 15 A 5000000000");

        (await bench.RowsAsync()).Should().Equal("x 10 A 1 [10,15)", "x 15 A 5000000000 [15,20)", "x 30 A 1 [20,∞)");
    }

    [Theory]
    [InlineData("k:long s:int", "1 1")]
    [InlineData("k:int s:long", "1 1")]
    public async Task A_key_or_sequence_in_a_wider_type_is_taken_as_it_is_and_the_column_stays(string columns, string row)
    {
        Bench bench = await Bench.OpenAsync(Flow(), "k:int s:int a", s_widens);
        await bench.ApplyAsync("1 1 A");

        await bench.ApplyColumnsAsync(columns, row);
        await bench.ApplyAsync("1 2 A2");

        (await bench.RowsAsync()).Should().Equal("1 2 A2");
        bench.Table.CurrentSnapshot.Schema.FieldsList.Take(2).Should().OnlyContain(static f => f.DataType is Apache.Arrow.Types.Int32Type);
    }

    [Fact]
    public async Task A_key_that_does_not_fit_its_column_is_invalid()
    {
        Bench bench = await Bench.OpenAsync(Flow(), "k:int s:int a", s_widens);

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyColumnsAsync("k:long s:int a", "5000000000 1 A", "1 1 A"));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.LossyCast, 1));
        error.Message.Should().Contain("k");
    }

    [Fact]
    public async Task Without_the_table_feature_a_value_that_does_not_fit_is_invalid_and_the_others_are_taken()
    {
        Bench bench = await Bench.OpenAsync(Flow(), "k s:long n:int");
        await bench.ApplyColumnsAsync("k s:long n:long", "x 1 7");

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyColumnsAsync("k s:long n:long", "x 2 8000000000"));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.LossyCast, 1));
        error.SampleKeys.Should().Equal("x");
        (await bench.RowsAsync()).Should().Equal("x 1 7");
    }

    [Theory]
    [InlineData("long", "int")]
    [InlineData("double", "float")]
    [InlineData("decimal(20,4)", "decimal(10,2)")]
    [InlineData("time", "time")]
    public async Task A_narrower_type_is_taken_as_it_is(string wide, string narrow)
    {
        Bench bench = await Bench.OpenAsync(Flow(), $"k s:long n:{wide}", s_widens);
        string value = wide == "time" ? "2024-01-01" : "1";
        await bench.ApplyColumnsAsync($"k s:long n:{narrow}", $"x 1 {value}");

        bench.Table.CurrentSnapshot.Schema.GetFieldByName("n").DataType.Name.Should().Be(WordTypes.Parse(wide).Name);
        (await bench.RowsAsync()).Should().ContainSingle();
    }

    [Theory]
    [InlineData("int", "text", "a")]
    [InlineData("int", "double", "0.5")]
    [InlineData("date", "localtime", "2024-01-01")]
    [InlineData("time", "localtime", "2024-01-01")]
    [InlineData("text", "long", "1")]
    [InlineData("list(long)", "text", "a")]
    public async Task A_type_of_another_family_is_refused_by_name(string column, string given, string value)
    {
        Bench bench = await Bench.OpenAsync(Flow(), $"k s:long n:{column}", s_widens);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync($"k s:long n:{given}", $"x 1 {value}"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("column n");
        (await bench.Table.RefreshAsync()).Version.Should().Be(0);
    }

    [Theory]
    [InlineData(SchemaPolicy.Strict)]
    [InlineData(SchemaPolicy.Rescue)]
    public async Task Other_policies_do_not_widen(SchemaPolicy policy)
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(policy), "k s:long n:int", s_widens);

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyColumnsAsync("k s:long n:long", "x 1 8000000000"));

        error.ErrorCode.Should().Be(ErrorCodes.LossyCast);
    }

    [Theory]
    [InlineData(ScdType.Type1, "x 3 {x:3,y:null}")]
    [InlineData(ScdType.Type2, "x 1 {x:1,y:null} [1,2)", "x 2 {x:2,y:new} [2,3)", "x 3 {x:3,y:null} [3,∞)")]
    public async Task A_new_field_of_a_struct_comes_with_its_values(ScdType type, params string[] expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), "k s:long p:struct(x:long)");
        await bench.ApplyAsync("x 1 {1}", "x 3 {3}");

        await bench.ApplyColumnsAsync("k s:long p:struct(x:long,y:text)", "x 2 {2,new}");

        (await bench.RowsAsync()).Should().Equal(expected);
    }

    [Fact]
    public async Task An_event_from_before_a_new_field_is_the_same_event_after_it()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), "k s:long p:struct(x:long) l:list(struct(x:long))");
        string[] events = ["x 1 {1} [{1}]", "x 2 {1} [{1}]", "x 3 {1} [{1}]", "x 4 {2} [{2}]"];
        await bench.ApplyAsync(events);
        await bench.ApplyColumnsAsync("k s:long p:struct(x:long,y:text) l:list(struct(x:long,y:text))", "y 1 {2,new} [{2,new}]");

        MergeResult again = await bench.ApplyAsync(events);

        (again.Duplicates, again.Ties, again.Version).Should().Be((4, 0, null));
    }

    [Fact]
    public async Task A_new_field_of_a_key_is_refused_by_name()
    {
        Bench bench = await Bench.OpenAsync(Flow(), "k:struct(x:long) s:long");
        await bench.ApplyAsync("{1} 1");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync("k:struct(x:long,y:long) s:long", "{1,2} 2"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("column k");
    }

    [Theory]
    [InlineData(SchemaPolicy.Strict)]
    [InlineData(SchemaPolicy.Rescue)]
    public async Task Other_policies_refuse_a_new_field_of_a_struct_by_name(SchemaPolicy policy)
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(policy), "k s:long p:struct(x:long)");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync("k s:long p:struct(x:long,y:text)", "x 2 {2,new}"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("column p");
    }

    [Fact]
    public async Task Fields_of_a_struct_are_found_by_name_and_those_that_are_missing_are_null()
    {
        Bench bench = await Bench.OpenAsync(Flow(), "k s:long p:struct(x:long,y:text,z:long)");
        await bench.ApplyColumnsAsync("k s:long p:struct(y:text,x:int)", "x 1 {a,1}");

        (await bench.RowsAsync()).Should().Equal("x 1 {x:1,y:a,z:null}");
    }

    private static MergeFlowBuilder Flow(ScdType type = ScdType.Type1) => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type);
}
