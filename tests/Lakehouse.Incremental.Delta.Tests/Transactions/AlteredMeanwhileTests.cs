using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>Tables that are altered between the derivation of a transaction and its commit.</summary>
public class AlteredMeanwhileTests
{
    private static readonly FilterColumn Id = Filter.Column("id");

    private readonly InMemoryTableStorage _inner = new();
    private readonly HookedStorage _storage;

    public AlteredMeanwhileTests() => _storage = new HookedStorage(_inner);

    // The last number: the version that the transaction read in the end; 2 when it was not derived anew.
    public static TheoryData<string, string, bool, bool, long> Properties
    {
        get
        {
            TheoryData<string, string, bool, bool, long> data = [];
            foreach ((string key, string value, long read) in ((string, string, long)[])
                [
                    ("delta.enableRowTracking", "true", 2),
                    ("delta.columnMapping.mode", "name", 2),
                    ("delta.enableInCommitTimestamps", "true", 2),
                    ("delta.checkpointPolicy", "v2", 2),
                    ("delta.enableDeletionVectors", "true", 2),
                    ("delta.enableChangeDataFeed", "true", 3),
                ])
            {
                data.Add(key, value, true, true, read);
                data.Add(key, value, false, true, read);

                // Without deletion vectors the delete copies rows, which would lose their ids.
                data.Add(key, value, false, false, key == "delta.enableRowTracking" ? 3 : read);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Properties))]
    public async Task A_transaction_stands_after_a_property_that_binds_only_what_comes_later(
        string key, string value, bool append, bool vectors, long read)
    {
        DeltaTable table = await NewAsync(vectors && key != "delta.enableDeletionVectors");
        await WinAsync(other => other.SetPropertiesAsync(new Dictionary<string, string?> { [key] = value }));
        long version = (append ? (await table.AppendAsync(Kit.Rows(7, 8))).Version : (await table.DeleteAsync(Id.EqualTo(2L))).Version)!.Value;

        version.Should().Be(4);
        (await table.Log.ReadCommitAsync(4, default)).OfType<CommitInfo>().Single().ReadVersion.Should().Be(read);
        DeltaTable reopened = await DeltaTable.OpenAsync(_inner);
        (await reopened.IdsAsync()).Should().Equal(append ? [1, 2, 3, 4, 7, 8] : [1, 3, 4]);
        (await reopened.ReadAsync().ListAsync()).SelectMany(static batch => Kit.Texts(batch, "name")).Should().NotContainNulls();
        reopened.CurrentSnapshot.Properties[key].Should().Be(value);
        if (key == "delta.enableRowTracking")
        {
            reopened.CurrentSnapshot.Files.Should().OnlyContain(static file => file.BaseRowId != null && file.DefaultRowCommitVersion != null);
            reopened.CurrentSnapshot.Files.Select(static file => file.BaseRowId).Should().OnlyHaveUniqueItems();
        }

        await reopened.DeleteAsync(Id.EqualTo(1L));
        await reopened.AppendAsync(Kit.Rows(9));
        (await (await DeltaTable.OpenAsync(_inner)).IdsAsync()).Should().Equal(append ? [2, 3, 4, 7, 8, 9] : [3, 4, 9]);
    }

    [Fact]
    public async Task An_append_is_held_to_a_constraint_that_came_first()
    {
        DeltaTable table = await NewAsync(true);
        await WinAsync(other => other.AddConstraintAsync("small", "id < 5"));
        (await Kit.CodeOfAsync(() => table.AppendAsync(Kit.Rows(7)))).Should().Be(ErrorCodes.ConstraintViolation);
        (await (await DeltaTable.OpenAsync(_inner)).IdsAsync()).Should().Equal(1, 2, 3, 4);
        (await Kit.FilesAsync(_inner, ".parquet")).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_constraint_is_held_against_rows_that_came_first()
    {
        DeltaTable table = await NewAsync(true);
        await WinAsync(other => other.AppendAsync(Kit.Rows(7)));
        (await Kit.CodeOfAsync(() => table.AddConstraintAsync("small", "id < 5"))).Should().Be(ErrorCodes.ConstraintViolation);
        (await DeltaTable.OpenAsync(_inner)).CurrentSnapshot.Version.Should().Be(3);
    }

    // Versions 1 and 2: ids 1 and 2, 3 and 4.
    private async Task<DeltaTable> NewAsync(bool vectors)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { DeletionVectors = vectors });
        await table.AppendAsync(Kit.Rows(1, 2));
        await table.AppendAsync(Kit.Rows(3, 4));
        return table;
    }

    private async Task WinAsync(Func<DeltaTable, Task> commit)
    {
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        bool done = false;
        _storage.BeforePutIfAbsent = async path =>
        {
            if (!done && path.EndsWith("3.json", StringComparison.Ordinal))
            {
                done = true;
                await commit(other);
            }
        };
    }
}
