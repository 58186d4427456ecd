using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Altering;

public sealed class TypeWideningTests
{
    private static readonly DeltaTableCreateOptions s_widening = new()
    {
        PartitionColumns = ["day"],
        Properties = new Dictionary<string, string> { ["delta.enableTypeWidening"] = "true" },
    };

    private readonly InMemoryTableStorage _storage = new();

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("[]")]
    public void A_change_of_type_that_is_none_is_refused(string change)
    {
        string schema = $$$"""
            {"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{"delta.typeChanges":[{{{change}}}]}}]}
            """;
        Action check = () => TypeWidening.Check(SchemaJson.Parse(schema));
        check.Should().Throw<UnsupportedFeatureException>();
    }

    [Fact]
    public async Task Old_files_are_read_in_the_wider_types_of_columns_fields_elements_and_partitions()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, s_widening);
        await table.AppendAsync(Alterations.Rows(1, 2));
        await table.WidenColumnAsync("id", Int64Type.Default);
        await table.WidenColumnAsync("address.zip", DoubleType.Default);
        await table.WidenColumnAsync("scores.element", new Decimal128Type(12, 2));
        await table.WidenColumnAsync("day", new TimestampType(TimeUnit.Microsecond, (string?)null));

        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        (await reopened.DumpAsync()).Should().Equal(
            "id=1 address={city: c1, zip: 100} scores=[1.00, -1.00] day=2024-01-02T00:00:00",
            "id=2 address={city: c2, zip: 200} scores=[2.00, -2.00] day=2024-01-01T00:00:00");
        reopened.CurrentSnapshot.Metadata.SchemaString.Should().Contain(
            """{"fromType":"short","toType":"decimal(12,2)","fieldPath":"element"}""");
        FilterPruner pruner = new(Filter.Column("id").GreaterThan(3_000_000_000L), reopened.CurrentSnapshot);
        reopened.CurrentSnapshot.Files.Should().OnlyContain(file => pruner.CanSkip(file));
        (await reopened.ReadAsync(new ReadOptions { Filter = Filter.Column("day").EqualTo(new DateTime(2024, 1, 1)) }).ListAsync())
            .Sum(static batch => batch.Length).Should().Be(1);

        RecordBatch same = (await reopened.ReadAsync().ListAsync())[0];
        await reopened.AppendAsync(same);
        (await reopened.DumpAsync()).Should().HaveCount(2 + same.Length);
    }

    [Fact]
    public async Task Floats_are_widened_by_value_and_not_by_text()
    {
        Schema schema = new([new Field("f", FloatType.Default, true), new Field("p", FloatType.Default, true)], null);
        DeltaTable table = await DeltaTable.CreateAsync(_storage, schema, s_widening with { PartitionColumns = ["p"] });
        FloatArray sevenTenths = new FloatArray.Builder().Append(0.7f).Build();
        await table.AppendAsync(new RecordBatch(schema, [sevenTenths, sevenTenths], 1));
        (await Kit.CodeOfAsync(() => table.WidenColumnAsync("p", DoubleType.Default))).Should().Be(ErrorCodes.InvalidConfiguration);

        await table.WidenColumnAsync("f", DoubleType.Default);

        Filter below = Filter.Column("f").LessThan(0.7);
        Filter exact = Filter.Column("f").EqualTo((double)0.7f);
        (await table.ReadAsync(new ReadOptions { Filter = below }).ListAsync()).Sum(static batch => batch.Length).Should().Be(1);
        (await table.ReadAsync(new ReadOptions { Filter = exact }).ListAsync()).Sum(static batch => batch.Length).Should().Be(1);
    }

    [Theory]
    [InlineData("byte", "short", true)]
    [InlineData("byte", "long", true)]
    [InlineData("integer", "long", true)]
    [InlineData("long", "integer", false)]
    [InlineData("float", "double", true)]
    [InlineData("integer", "double", true)]
    [InlineData("long", "double", false)]
    [InlineData("integer", "float", false)]
    [InlineData("date", "timestamp_ntz", true)]
    [InlineData("date", "timestamp", false)]
    [InlineData("integer", "decimal(10,0)", true)]
    [InlineData("integer", "decimal(10,1)", false)]
    [InlineData("long", "decimal(20,0)", true)]
    [InlineData("long", "decimal(19,0)", false)]
    [InlineData("decimal(10,2)", "decimal(12,4)", true)]
    [InlineData("decimal(10,2)", "decimal(12,5)", false)]
    [InlineData("decimal(10,2)", "decimal(10,2)", false)]
    [InlineData("string", "binary", false)]
    public void Only_changes_that_keep_every_value_are_allowed(string from, string to, bool allowed) =>
        TypeWidening.IsAllowed(SchemaJson.TryPrimitive(from)!, SchemaJson.TryPrimitive(to)!).Should().Be(allowed);

    [Fact]
    public async Task Widening_needs_its_property_and_a_wider_type()
    {
        DeltaTable plain = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Alterations.Schema);
        (await Kit.CodeOfAsync(() => plain.WidenColumnAsync("id", Int64Type.Default))).Should().Be(ErrorCodes.InvalidConfiguration);
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, s_widening);
        (await Kit.CodeOfAsync(() => table.WidenColumnAsync("id", Int16Type.Default))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await Kit.CodeOfAsync(() => table.WidenColumnAsync("address.nothing", Int64Type.Default))).Should().Be(ErrorCodes.SchemaMismatch);
    }

    [Fact]
    public async Task A_change_of_type_that_is_not_known_is_refused_by_name()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, s_widening);
        await table.WidenColumnAsync("id", Int64Type.Default);
        string commit = System.Text.Encoding.UTF8.GetString(await _storage.ReadAsync("_delta_log/00000000000000000001.json"));
        await _storage.PutAsync("_delta_log/00000000000000000001.json", System.Text.Encoding.UTF8.GetBytes(
            commit.Replace("\\u0022fromType\\u0022:\\u0022integer", "\\u0022fromType\\u0022:\\u0022string", StringComparison.Ordinal)
                .Replace("\\\"fromType\\\":\\\"integer", "\\\"fromType\\\":\\\"string", StringComparison.Ordinal)));
        (await FluentActions.Awaiting(() => DeltaTable.OpenAsync(_storage)).Should().ThrowAsync<UnsupportedFeatureException>())
            .WithMessage("*string to long*typeWidening*");
    }
}
