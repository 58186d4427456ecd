using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>The golden vector of the semantics (section 2.44) about the raw MERGE.</summary>
public sealed class GoldenVectorsOfRawMerge
{
    private static readonly Schema Rows = new([new Field("k", StringType.Default, nullable: true), new Field("v", Int64Type.Default, nullable: true)], null);

    [Fact]
    public async Task G26_two_rows_of_a_new_key_are_an_error_that_names_the_key_where_keys_are_unique()
    {
        (string Key, long Value)[] source = [("new", 1), ("new", 2), ("old", 3)];
        foreach (int[] order in Deliveries.Permutations(source.Length))
        {
            foreach ((string Key, long Value)[][] split in Deliveries.Splits<(string, long)>([.. order.Select(i => source[i])]))
            {
                DeltaTable table = await DeltaTable.CreateOrOpenAsync(new InMemoryTableStorage(), Rows);
                await table.AppendAsync(Batch([("old", 0)]));
                Func<Task> merge = () => table.Merge([.. split.Select(Batch)]).On("k").WithUniqueKeys().WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

                InvalidRowsException error = (await merge.Should().ThrowAsync<InvalidRowsException>()).Which;

                error.ErrorCode.Should().Be(ErrorCodes.DuplicateInsertKey);
                error.SampleKeys.Should().ContainSingle().Which.Should().Contain("new");
                table.CurrentSnapshot.Version.Should().Be(1, "nothing was written");
            }
        }
    }

    private static RecordBatch Batch((string Key, long Value)[] rows) => new(
        Rows,
        [ArrowColumns.ToArray(ColumnType.Text, [.. rows.Select(r => r.Key)]), ArrowColumns.ToArray(ColumnType.Long, [.. rows.Select(r => (object?)r.Value)])],
        rows.Length);
}
