using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Conformance.Tests.ForeignReaders;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Harness;

/// <summary>The forms of expectations are understood as they are meant.</summary>
public sealed class ExpectationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("expectation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Parquet_of_every_type_is_read_exactly()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_folder, AllTypes.Schema);
        await table.AppendAsync(AllTypes.Batch());
        (IReadOnlyList<string> columns, IReadOnlyList<JsonElement> rows) = ExpectedParquet.Read(_folder)!.Value;
        RowBag expected = RowBag.Of([AllTypes.Batch()], columns);
        ExpectedRows.OfObjects(rows, AllTypes.Schema, columns).DifferenceFrom(expected).Should().BeNull();
    }

    [Fact]
    public void DuckDb_types_are_rewritten_within_names_and_nesting() =>
        DuckDbTypes.Rewrite("STRUCT(\"a, (\"\"b\" DECIMAL(10,2), c MAP(VARCHAR, FLOAT[])[], d TIMESTAMP WITH TIME ZONE)", type => $"<{type}>")
            .Should().Be("STRUCT(\"a, (\"\"b\" <DECIMAL(10,2)>, c MAP(<VARCHAR>, <FLOAT>[])[], d <TIMESTAMP WITH TIME ZONE>)");

    [Fact]
    public void Rules_tell_numbers_version_by_version()
    {
        NumberRule.Parse("multiset: 0 x3, 2..4")!.Single().Numbers.Should().Equal(0, 0, 0, 2, 3, 4);
        IReadOnlyList<(long? Version, IReadOnlyList<long> Numbers)> versions = NumberRule.Parse("v0=0..4; v1 minus {1,3}; v3 plus {1}")!;
        versions.Select(v => v.Version).Should().Equal(0, 1, 3, null);
        versions[1].Numbers.Should().Equal(0, 2, 4);
        versions[3].Numbers.Should().Equal(0, 2, 4, 1);
        NumberRule.Parse("something else").Should().BeNull();
    }

    [Fact]
    public void A_printed_table_has_its_columns_rows_and_range_of_versions()
    {
        string file = Path.Combine(_folder, "print.txt");
        File.WriteAllLines(file,
        [
            "# f::g read(\"t\", 1, Some(2), None)",
            "+---+-------+--------------+",
            "| a | b     | _change_type |",
            "+---+-------+--------------+",
            "| 1 | x | y | insert       |",
            "|   |       | delete       |",
            "+---+-------+--------------+",
        ]);
        PrintedTable table = PrintedTable.Read(file);
        table.Columns.Should().Equal("a", "b", "_change_type");
        table.Rows.Should().BeEquivalentTo([["1", "x | y", "insert"], new[] { "", "", "delete" }]);
        table.IsChanges.Should().BeTrue();
        table.Versions(9).Should().Be((1, 2));
    }

    [Fact]
    public void A_manifest_without_optional_fields_is_understood()
    {
        GoldenTable table = new(JsonDocument.Parse("""{"id":"a/b","expected":{"kind":"inline","rows":[[1]]}}""").RootElement);
        table.TablePath.Should().Be("a/b/delta");
        table.HasRows.Should().BeTrue();
        (table.IsError, table.IsWriteError, table.HasDump).Should().Be((false, false, false));
        (table.Rows, table.LatestVersion, table.LiveFiles, table.Protocol, table.Features).Should().Be((null, null, null, null, null));
        GoldenTable refused = new(JsonDocument.Parse("""{"id":"c","expected_error":true,"features":null}""").RootElement);
        (refused.IsError, refused.HasRows).Should().Be((true, false));
    }

    [Fact]
    public void Rows_of_a_manifest_are_lists_in_the_order_of_the_columns_or_objects()
    {
        Schema schema = new([new Field("a", Int64Type.Default, true), new Field("b", StringType.Default, true)], null);
        RecordBatch row = new(schema, [ConstantArray.Create(Int64Type.Default, 1L, 1), ConstantArray.Create(StringType.Default, "x", 1)], 1);
        RowBag expected = RowBag.Of([row], ["a", "b"]);
        Rows("""[[1,"x"]]""", null).DifferenceFrom(expected).Should().BeNull();
        Rows("""[{"b":"x","a":"1"}]""", null).DifferenceFrom(expected).Should().BeNull();
        Rows("""[[1,"y"]]""", null).DifferenceFrom(expected).Should().NotBeNull();
        Rows("""[["x"]]""", ["b"]).Columns.Should().Equal("b");

        RowBag Rows(string json, IReadOnlyList<string>? columns) => ExpectedRows.OfManifest(JsonDocument.Parse(json).RootElement, schema, columns);
    }
}
