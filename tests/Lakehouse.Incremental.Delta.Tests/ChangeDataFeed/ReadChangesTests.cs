using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.ChangeDataFeed;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.ChangeDataFeed;

public class ReadChangesTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Inserts_deletes_by_vector_and_whole_files_are_told()
    {
        DeltaTable table = await NewAsync();
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        await table.DeleteAsync(static id => id == 2);
        await table.DeleteAsync(static id => id == 3);
        await table.OverwriteAsync(Kit.Rows(8, 9));

        (await ChangesAsync(table, 0, 4)).Should().Equal(
            "1 insert 1", "1 insert 2", "1 insert 3", "2 delete 2", "3 delete 3", "4 delete 1", "4 insert 8", "4 insert 9");
        (await ChangesAsync(table, 3, 3)).Should().Equal("3 delete 3");
    }

    [Fact]
    public async Task Rows_that_a_smaller_vector_brings_back_are_inserts()
    {
        DeltaTable table = await NewAsync();
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        AddFile whole = table.CurrentSnapshot.Files.Single();
        await table.DeleteAsync(static id => id != 2);
        await CommitAsync(table, RemoveFile.Of(table.CurrentSnapshot.Files.Single(), 0, true), whole);
        (await ChangesAsync(table, 3, 3)).Should().Equal("3 insert 1", "3 insert 3");
    }

    [Fact]
    public async Task Change_data_files_go_before_everything_else()
    {
        DeltaTable table = await NewAsync();
        await table.AppendAsync(Kit.Rows(1, 2));
        AddFile former = table.CurrentSnapshot.Files.Single();
        Schema fileSchema = ChangeColumns.FileSchema(Kit.Schema);
        RecordBatch changes = new(
            fileSchema,
            [
                new Int64Array.Builder().Append(1).Append(7).Build(),
                new StringArray.Builder().Append("n1").Append("n7").Build(),
                new StringArray.Builder().Append("update_preimage").Append("update_postimage").Build(),
            ],
            2);
        await table.CommitAsync(
            async (snapshot, cancellationToken) => new CommitPlan
            {
                Actions =
                [
                    RemoveFile.Of(former, 0, true),
                    .. await table.Writer.WriteAsync(snapshot, [Kit.Rows(7, 2)], cancellationToken),
                    .. await table.Writer.WriteChangesAsync(snapshot, [changes], cancellationToken),
                ],
                Info = new CommitInfo { Operation = "UPDATE" },
            },
            default);
        (await ChangesAsync(table, 2, 2)).Should().Equal("2 update_postimage 7", "2 update_preimage 1");
        (await table.IdsAsync()).Should().Equal(2, 7);
    }

    [Fact]
    public async Task Commits_that_only_move_rows_change_nothing()
    {
        DeltaTable table = await NewAsync();
        await table.AppendAsync(Kit.Rows(1));
        await table.AppendAsync(Kit.Rows(2));
        await table.CommitAsync(
            async (snapshot, cancellationToken) => new CommitPlan
            {
                Actions =
                [
                    .. snapshot.Files.Select(static file => RemoveFile.Of(file, 0, false)),
                    .. (await table.Writer.WriteAsync(snapshot, [Kit.Rows(1, 2)], cancellationToken))
                        .Select(static file => file with { DataChange = false }),
                ],
                Info = new CommitInfo { Operation = "OPTIMIZE" },
            },
            default);
        (await ChangesAsync(table, 3, 3)).Should().BeEmpty();
        (await table.IdsAsync()).Should().Equal(1, 2);
    }

    [Fact]
    public async Task The_columns_tell_version_and_time()
    {
        DeltaTable table = await NewAsync();
        await table.AppendAsync(Kit.Rows(1));
        await table.AppendAsync(Kit.Rows(2));
        List<RecordBatch> batches = await table.ReadChangesAsync(0, 2).ListAsync();
        batches[0].Schema.FieldsList.Select(static field => field.Name).Should()
            .Equal("id", "name", "_change_type", "_commit_version", "_commit_timestamp");
        batches[0].Schema.GetFieldByName("_commit_timestamp").DataType.Should().BeOfType<TimestampType>().Which.Timezone.Should().Be("UTC");
        Dictionary<long, long> times = (await table.HistoryAsync()).ToDictionary(
            static version => version.Version, static version => version.Timestamp.ToUnixTimeMilliseconds() * 1000);
        foreach (RecordBatch batch in batches)
        {
            long version = Kit.Longs(batch, "_commit_version").Single();
            ((TimestampArray)batch.Column("_commit_timestamp")).GetValue(0).Should().Be(times[version]);
        }
    }

    [Fact]
    public async Task A_range_in_which_changes_were_not_recorded_is_refused()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1));
        await SetPropertyAsync(table, "delta.enableChangeDataFeed", "true");
        await table.AppendAsync(Kit.Rows(2));
        (await Kit.CodeOfAsync(() => table.ReadChangesAsync(1, 3).ListAsync())).Should().Be(ErrorCodes.ChangeDataUnavailable);
        (await ChangesAsync(table, 2, 3)).Should().Equal("3 insert 2");
        await SetPropertyAsync(table, "delta.enableChangeDataFeed", "false");
        (await Kit.CodeOfAsync(() => table.ReadChangesAsync(3, 4).ListAsync())).Should().Be(ErrorCodes.ChangeDataUnavailable);
    }

    [Fact]
    public async Task A_column_that_is_gone_at_the_end_of_the_range_is_refused_and_a_new_one_is_null_before()
    {
        DeltaTable table = await NewAsync();
        await table.AppendAsync(Kit.Rows(1));
        string before = table.CurrentSnapshot.Metadata.SchemaString;
        string added = before.Replace(
            "{\"name\":\"name\"",
            "{\"name\":\"more\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},{\"name\":\"name\"",
            StringComparison.Ordinal);
        await CommitAsync(table, table.CurrentSnapshot.Metadata with { SchemaString = added });
        RecordBatch batch = (await table.ReadChangesAsync(0, 2).ListAsync()).Single();
        batch.Column("more").NullCount.Should().Be(1);

        await CommitAsync(table, table.CurrentSnapshot.Metadata with { SchemaString = before });
        (await Kit.CodeOfAsync(() => table.ReadChangesAsync(2, 3).ListAsync())).Should().Be(ErrorCodes.SchemaMismatch);
        (await ChangesAsync(table, 3, 3)).Should().BeEmpty();
    }

    [Fact]
    public async Task Versions_that_are_not_there_are_refused()
    {
        DeltaTable table = await NewAsync();
        (await Kit.CodeOfAsync(() => table.ReadChangesAsync(0, 1).ListAsync())).Should().Be(ErrorCodes.VersionNotFound);
        Action turned = () => table.ReadChangesAsync(1, 0);
        turned.Should().Throw<ArgumentOutOfRangeException>();
    }

    private Task<DeltaTable> NewAsync() => DeltaTable.CreateAsync(_storage, Kit.Schema, Kit.WithChanges);

    private static Task SetPropertyAsync(DeltaTable table, string key, string value) => CommitAsync(
        table,
        table.CurrentSnapshot.Metadata with
        {
            Configuration = new Dictionary<string, string>(table.CurrentSnapshot.Properties) { [key] = value },
        });

    private static Task CommitAsync(DeltaTable table, params DeltaAction[] actions) => table.CommitAsync(
        (_, _) => Task.FromResult<CommitPlan?>(new CommitPlan { Actions = actions, Info = new CommitInfo { Operation = "TEST" } }), default);

    private static async Task<string[]> ChangesAsync(DeltaTable table, long from, long to) =>
        [.. (await table.ReadChangesAsync(from, to).ListAsync())
            .SelectMany(static batch => Kit.Longs(batch, "_commit_version")
                .Zip(Kit.Texts(batch, "_change_type"), Kit.Longs(batch, "id"))
                .Select(static row => $"{row.First} {row.Second} {row.Third}"))
            .Order(StringComparer.Ordinal)];
}
