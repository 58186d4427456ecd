using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Altering;

public sealed class ColumnMappingTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Theory]
    [InlineData("name")]
    [InlineData("id")]
    public async Task Rows_are_read_back_under_their_names_after_renames_drops_and_additions(string mode)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, Alterations.Mapped(mode));
        await table.AppendAsync(Alterations.Rows(1, 2));
        string[] before = await table.DumpAsync();
        before.Should().Equal(
            "id=1 address={city: c1, zip: 100} scores=[1, -1] day=2024-01-02", "id=2 address={city: c2, zip: 200} scores=[2, -2] day=2024-01-01");

        await table.RenameColumnAsync("id", "key, of (all)");
        await table.RenameColumnAsync("address.zip", "post code");
        await table.RenameColumnAsync("day", "at");
        await table.DropColumnAsync("address.city");
        await table.AddColumnsAsync([new Field("city", Int64Type.Default, true)], parent: "address");
        await table.DropColumnAsync("scores");
        long last = await table.AddColumnsAsync([new Field("scores", StringType.Default, true)]);

        string[] expected =
        [
            "key, of (all)=1 address={post code: 100, city: null} at=2024-01-02 scores=null",
            "key, of (all)=2 address={post code: 200, city: null} at=2024-01-01 scores=null",
        ];
        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        (await reopened.DumpAsync()).Should().Equal(expected);
        (await reopened.DumpAsync(1)).Should().Equal(before);
        reopened.CurrentSnapshot.Version.Should().Be(last);
        reopened.CurrentSnapshot.PartitionColumns.Should().Equal("at");

        RecordBatch more = (await reopened.ReadAsync().ListAsync())[0];
        await reopened.AppendAsync(more);
        (await reopened.DumpAsync()).Should().HaveCount(2 + more.Length).And.OnlyContain(line => expected.Contains(line));
    }

    [Fact]
    public async Task Files_statistics_and_partition_values_know_the_physical_names_only()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, Alterations.Mapped("id"));
        await table.AppendAsync(Alterations.Rows(1));
        AddFile file = table.CurrentSnapshot.Files.Single();
        ColumnMapping mapping = table.CurrentSnapshot.Mapping;

        file.PartitionValues.Keys.Should().Equal(mapping.PhysicalName("day")).And.NotContain("day");
        file.Stats.Should().Contain(mapping.PhysicalName("id")).And.NotContain("\"id\"").And.NotContain("zip");
        await foreach (FileBatch part in ParquetFiles.ReadAsync(_storage, DataFilePath.Decode(file.Path), null))
        {
            part.Batch.Schema.FieldsList.Select(static field => field.Name).Should().Equal(
                mapping.PhysicalName("id"), mapping.PhysicalName("address"), mapping.PhysicalName("scores"));
            part.Batch.Schema.FieldsList[0].Metadata[ColumnMapping.ParquetFieldId].Should().Be("1");
        }

        table.CurrentSnapshot.Properties["delta.columnMapping.maxColumnId"].Should().Be("6");
        table.CurrentSnapshot.Protocol.Should().Match<ProtocolAction>(protocol => protocol.MinReaderVersion == 3 && protocol.MinWriterVersion == 7);
    }

    [Fact]
    public async Task Filters_prune_by_physical_names()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, Alterations.Mapped("name"));
        await table.AppendAsync(Alterations.Rows(1));
        await table.AppendAsync(Alterations.Rows(5));
        await table.RenameColumnAsync("id", "renamed");
        FilterPruner pruner = new(Filter.Column("renamed").GreaterThan(3), table.CurrentSnapshot);
        table.CurrentSnapshot.Files.Count(pruner.CanSkip).Should().Be(1);
        FilterPruner byDay = new(Filter.Column("day").EqualTo(new DateOnly(1999, 1, 1)), table.CurrentSnapshot);
        table.CurrentSnapshot.Files.Should().OnlyContain(file => byDay.CanSkip(file));
    }

    [Fact]
    public async Task A_table_with_files_keeps_its_names_as_physical_ones_when_mapping_is_turned_on()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { DeletionVectors = false });
        await table.AppendAsync(Kit.Rows(1));
        await table.SetPropertiesAsync(new Dictionary<string, string?> { ["delta.columnMapping.mode"] = "name" });
        await table.RenameColumnAsync("name", "label");
        await table.AppendAsync((await table.ReadAsync().ListAsync())[0]);
        (await table.DumpAsync()).Should().Equal("id=1 label=n1", "id=1 label=n1");
        table.CurrentSnapshot.Mapping.PhysicalName("label").Should().Be("name");
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Contain("columnMapping");
    }

    [Fact]
    public async Task Changes_are_read_across_a_new_column_and_refused_across_a_rename()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, Alterations.Mapped("name") with { PartitionColumns = [] });
        await table.AppendAsync(Kit.Rows(1));
        await table.AddColumnsAsync([new Field("more", Int64Type.Default, true)]);
        await table.DeleteAsync(static id => id == 1);
        (await table.ReadChangesAsync(1, 3).ListAsync()).SelectMany(static batch => Kit.Texts(batch, "_change_type")).Should().Equal("insert", "delete");

        await table.DropColumnAsync("more");
        await table.AddColumnsAsync([new Field("more", Int64Type.Default, true)]);
        (await Kit.CodeOfAsync(() => table.ReadChangesAsync(2, 5).ListAsync())).Should().Be(ErrorCodes.SchemaMismatch);
    }

    [Fact]
    public async Task Columns_with_statistics_are_still_those_after_a_rename_and_a_drop()
    {
        DeltaTableCreateOptions options = Alterations.Mapped("name") with
        {
            Properties = new Dictionary<string, string> { ["delta.columnMapping.mode"] = "name", ["delta.dataSkippingStatsColumns"] = "address.zip, id" },
        };
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, options);
        await table.RenameColumnAsync("address.zip", "post code");
        await table.DropColumnAsync("id");
        table.CurrentSnapshot.Properties["delta.dataSkippingStatsColumns"].Should().Be("address.`post code`");
    }

    [Fact]
    public async Task Columns_that_cluster_a_table_have_statistics_beyond_the_limit()
    {
        DeltaTableCreateOptions options = Alterations.Mapped("name") with
        {
            Properties = new Dictionary<string, string>
            {
                ["delta.columnMapping.mode"] = "name", ["delta.dataSkippingNumIndexedCols"] = "1", ["delta.feature.clustering"] = "supported",
            },
        };
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, options);
        ColumnMapping mapping = table.CurrentSnapshot.Mapping;
        Field address = mapping.ToPhysical(table.CurrentSnapshot.Schema).FieldsList[1];
        string zip = ((Apache.Arrow.Types.StructType)address.DataType).Fields[1].Name;
        string domain = $$"""{"clusteringColumns":[["{{address.Name}}","{{zip}}"]]}""";
        await table.CommitAsync(
            (_, _) => Task.FromResult<Lakehouse.Incremental.Delta.Transactions.CommitPlan?>(
                new() { Actions = [new DomainMetadata("delta.clustering", domain, false)], Info = new CommitInfo { Operation = "CLUSTER BY" } }),
            CancellationToken.None);
        await table.AppendAsync(Alterations.Rows(1));
        string stats = table.CurrentSnapshot.Files.Single().Stats!;
        stats.Should().Contain(zip).And.Contain(mapping.PhysicalName("id")).And.NotContain(mapping.PhysicalName("scores"));
        table.CurrentSnapshot.Domain("delta.clustering").Should().Be(domain);
    }

    [Theory]
    [InlineData("delta.generationExpression", "id + 1")]
    [InlineData("delta.identity.start", "1")]
    public async Task A_column_that_follows_from_a_rule_is_added_to_an_empty_table_only_and_may_be_renamed(string mark, string text)
    {
        Dictionary<string, string> marks = new() { [mark] = text };
        if (mark.StartsWith("delta.identity", StringComparison.Ordinal))
        {
            marks["delta.identity.step"] = "1";
            marks["delta.identity.allowExplicitInsert"] = "false";
        }

        Field column = new("n", Int64Type.Default, true, marks);
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, Alterations.Mapped("name") with { PartitionColumns = [] });
        await table.AddColumnsAsync([column]);
        await table.AppendAsync(Kit.Rows(1));
        await table.RenameColumnAsync("n", "m");
        (await Kit.CodeOfAsync(() => table.AddColumnsAsync([column]))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await table.DumpAsync()).Should().Equal($"id=1 name=n1 m={(text == "1" ? 1 : 2)}");
    }

    [Fact]
    public async Task A_column_that_clusters_the_table_is_renamed_but_not_dropped()
    {
        DeltaTableCreateOptions options = new()
        {
            Properties = new Dictionary<string, string> { ["delta.columnMapping.mode"] = "name", ["delta.feature.clustering"] = "supported" },
        };
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, options);
        Field address = table.CurrentSnapshot.Mapping.ToPhysical(table.CurrentSnapshot.Schema).FieldsList[1];
        string zip = ((Apache.Arrow.Types.StructType)address.DataType).Fields[1].Name;
        string domain = $$"""{"clusteringColumns":[["{{address.Name}}","{{zip}}"]]}""";
        await table.CommitAsync(
            (_, _) => Task.FromResult<Lakehouse.Incremental.Delta.Transactions.CommitPlan?>(
                new() { Actions = [new DomainMetadata("delta.clustering", domain, false)], Info = new CommitInfo { Operation = "CLUSTER BY" } }),
            CancellationToken.None);

        (await Kit.CodeOfAsync(() => table.DropColumnAsync("address.zip"))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await Kit.CodeOfAsync(() => table.DropColumnAsync("address"))).Should().Be(ErrorCodes.InvalidConfiguration);
        await table.DropColumnAsync("address.city");
        await table.RenameColumnAsync("address.zip", "code");
        (await table.DescribeAsync()).ClusteringColumns.Should().Equal("address.code");
    }

    [Fact]
    public async Task Without_mapping_columns_are_neither_renamed_nor_dropped()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        (await Kit.CodeOfAsync(() => table.RenameColumnAsync("name", "label"))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await Kit.CodeOfAsync(() => table.DropColumnAsync("name"))).Should().Be(ErrorCodes.InvalidConfiguration);
        table.CurrentSnapshot.Version.Should().Be(0);
    }

    [Fact]
    public async Task What_a_table_needs_is_not_dropped_and_names_stay_unique()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Alterations.Schema, Alterations.Mapped("name"));
        (await Kit.CodeOfAsync(() => table.DropColumnAsync("day"))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await Kit.CodeOfAsync(() => table.RenameColumnAsync("id", "Scores"))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await Kit.CodeOfAsync(() => table.RenameColumnAsync("id", "_change_type"))).Should().Be(ErrorCodes.ReservedColumn);
        (await Kit.CodeOfAsync(() => table.RenameColumnAsync("no.such", "x"))).Should().Be(ErrorCodes.SchemaMismatch);
        (await Kit.CodeOfAsync(() => table.AddColumnsAsync([new Field("ID", Int64Type.Default, true)]))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await Kit.CodeOfAsync(() => table.AddColumnsAsync([new Field("x", Int64Type.Default, false)]))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await Kit.CodeOfAsync(() => table.SetPropertiesAsync(new Dictionary<string, string?> { ["delta.columnMapping.mode"] = "none" })))
            .Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public async Task A_file_without_field_ids_is_refused_in_id_mode()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, Alterations.Mapped("id") with { PartitionColumns = [] });
        await table.AppendAsync(Kit.Rows(1));
        string path = DataFilePath.Decode(table.CurrentSnapshot.Files.Single().Path);
        await _storage.DeleteAsync(path);
        await ParquetFiles.WriteAsync(_storage, path, Kit.Schema, [Kit.Rows(1)], CancellationToken.None);
        (await Kit.CodeOfAsync(async () => await (await DeltaTable.OpenAsync(_storage)).ReadAsync().ListAsync())).Should().Be(ErrorCodes.CorruptFile);
    }
}
