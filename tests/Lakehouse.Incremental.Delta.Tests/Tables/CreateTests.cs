using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Tables;

public class CreateTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task A_new_table_has_the_schema_and_properties_asked_for()
    {
        DeltaTableCreateOptions create = new()
        {
            PartitionColumns = ["name"],
            ChangeDataFeed = true,
            Name = "people",
            Description = "who",
            Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "3", ["mine"] = "kept" },
        };
        await DeltaTable.CreateAsync(_storage, Kit.Schema, create);

        DeltaTable table = await DeltaTable.OpenAsync(_storage);
        table.CurrentSnapshot.Version.Should().Be(0);
        table.CurrentSnapshot.Schema.FieldsList.Select(static field => field.Name).Should().Equal("id", "name");
        table.CurrentSnapshot.PartitionColumns.Should().Equal("name");
        table.CurrentSnapshot.Properties.Should().Contain("mine", "kept").And.Contain("delta.enableChangeDataFeed", "true")
            .And.Contain("delta.enableDeletionVectors", "true");
        table.CurrentSnapshot.Metadata.Name.Should().Be("people");
        table.CurrentSnapshot.Protocol.MinReaderVersion.Should().Be(3);
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Equal("changeDataFeed", "deletionVectors");
        (await table.IdsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_plain_table_gets_the_lowest_protocol()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { DeletionVectors = false });
        table.CurrentSnapshot.Protocol.Should().BeEquivalentTo(new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 1 });
    }

    [Fact]
    public async Task Options_that_make_no_sense_are_refused_and_leave_nothing()
    {
        DeltaTableCreateOptions[] wrong =
        [
            new() { Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "often" } },
            new() { Properties = new Dictionary<string, string> { ["delta.appendOnly"] = "perhaps" } },
            new() { PartitionColumns = ["nothing"] },
        ];
        foreach (DeltaTableCreateOptions create in wrong)
        {
            (await Kit.CodeOfAsync(() => DeltaTable.CreateAsync(_storage, Kit.Schema, create))).Should().Be(ErrorCodes.InvalidConfiguration);
        }

        (await Kit.FilesAsync(_storage, "")).Should().BeEmpty();
    }

    [Fact]
    public async Task Creating_twice_is_refused_and_opening_nothing_is_too()
    {
        (await Kit.CodeOfAsync(() => DeltaTable.OpenAsync(_storage))).Should().Be(ErrorCodes.TableNotFound);
        await DeltaTable.CreateAsync(_storage, Kit.Schema);
        (await Kit.CodeOfAsync(() => DeltaTable.CreateAsync(_storage, Kit.Schema))).Should().Be(ErrorCodes.TableExists);
    }

    [Fact]
    public async Task Of_eight_creators_exactly_one_wins()
    {
        for (int round = 0; round < 20; round++)
        {
            InMemoryTableStorage storage = new();
            string[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                try
                {
                    await DeltaTable.CreateAsync(storage, Kit.Schema);
                    return "created";
                }
                catch (LakehouseException error)
                {
                    return error.ErrorCode;
                }
            })));
            outcomes.Order(StringComparer.Ordinal).Should().Equal(Enumerable.Repeat(ErrorCodes.TableExists, 7).Append("created"));
        }
    }

    [Fact]
    public async Task Eight_that_create_or_open_get_the_same_table()
    {
        DeltaTable[] tables = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => DeltaTable.CreateOrOpenAsync(_storage, Kit.Schema))));
        tables.Select(static table => table.CurrentSnapshot.TableId).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task The_order_of_the_columns_does_not_keep_a_table_from_being_opened()
    {
        await DeltaTable.CreateAsync(_storage, Kit.Schema);
        Schema other = new([Kit.Schema.GetFieldByName("name"), Kit.Schema.GetFieldByName("id")], null);
        (await DeltaTable.CreateOrOpenAsync(_storage, other)).CurrentSnapshot.Schema.GetFieldByIndex(0).Name.Should().Be("id");
    }

    [Fact]
    public async Task A_table_that_differs_is_refused_with_the_differences()
    {
        await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { PartitionColumns = ["name"] });
        Schema other = new(
            [
                new Field("id", Int32Type.Default, true),
                new Field("name", StringType.Default, false),
                new Field("size", DoubleType.Default, true),
            ],
            null);
        Func<Task> act = () => DeltaTable.CreateOrOpenAsync(_storage, other);
        LakehouseException error = (await act.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Count.Should().Be(4);
        error.Message.Should().Contain("column 'id' is long, not integer").And.Contain("column 'name' may hold nulls in the table")
            .And.Contain("column 'size' (double) is missing in the table").And.Contain("partitioned by (name), not by ()");
    }

    [Fact]
    public async Task The_same_clock_and_ids_make_the_same_bytes()
    {
        InMemoryTableStorage other = new();
        foreach (InMemoryTableStorage storage in new[] { _storage, other })
        {
            DeltaTableOptions options = new() { IdSource = IdSource.Sequential(5), TimeProvider = new FixedTime() };
            DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema, null, options);
            await table.AppendAsync(Kit.Rows(1, 2, 3));
        }

        await foreach (StoredFile file in _storage.ListAsync(""))
        {
            (await other.ReadAsync(file.Path)).Should().Equal(await _storage.ReadAsync(file.Path), file.Path);
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);
    }
}
