using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Filters;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Deleting;

/// <summary>
/// A delete takes the rows for which the condition is true and no others, whatever the rows, the condition and the features of the table are.
/// </summary>
public class DeleteLaws
{
    private static readonly Schema Schema = new([new Field("row", Int64Type.Default, false), .. RowsGen.Schema.FieldsList], null);

    private static readonly Gen<Dictionary<string, string>> Properties = Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Choose);

    // Not by bytes that are no text: such partition values are refused.
    private static readonly Gen<int> Partition =
        Gen.Int[-1, ColumnKind.All.Length - 1].Where(static p => p < 0 || ColumnKind.All[p].Name != "binary");

    [Fact]
    public async Task The_rows_for_which_the_condition_is_true_go() =>
        await Gen.Select(RowsGen.Rows.Array[1, 3], RowsGen.Conditions.Array[1, 3], Partition, Properties).SampleAsync(
            RunAsync,
            iter: 400,
            threads: 1,
            print: static s => Print(s.Item1, s.Item2, s.Item3, s.Item4));

    private static Dictionary<string, string> Choose(bool vectors, bool mapping, bool tracking)
    {
        Dictionary<string, string> properties = new()
        {
            ["delta.enableDeletionVectors"] = vectors ? "true" : "false",
            ["delta.enableChangeDataFeed"] = "true",
        };
        if (mapping)
        {
            properties["delta.columnMapping.mode"] = "name";
        }

        if (tracking)
        {
            properties["delta.enableRowTracking"] = "true";
        }

        return properties;
    }

    private static string Print(int?[][][] appends, RowsGen.Condition[] conditions, int partition, Dictionary<string, string> properties)
    {
        IEnumerable<string> files = appends.Select(static file => string.Join(" / ", file.Select(static r => string.Join(',', r))));
        string texts = string.Join("; ", conditions.Select(static c => c.Text));
        return $"{texts} by {partition} with {string.Join(", ", properties)} over {string.Join(" // ", files)}";
    }

    private static async Task RunAsync(int?[][][] appends, RowsGen.Condition[] conditions, int partition, Dictionary<string, string> properties)
    {
        List<string> partitionBy = partition < 0 ? [] : [RowsGen.Schema.GetFieldByIndex(partition).Name];
        DeltaTable table = await DeltaTable.CreateAsync(
            new InMemoryTableStorage(), Schema, new() { PartitionColumns = partitionBy, Properties = properties, DeletionVectors = false });
        Dictionary<long, int?[]> model = [];
        foreach (int?[][] rows in appends)
        {
            RecordBatch batch = RowsGen.Batch(rows);
            Int64Array ids = new Int64Array.Builder().AppendRange(rows.Select((_, i) => (long)(model.Count + i))).Build();
            foreach (int?[] row in rows)
            {
                model.Add(model.Count, Stored(row, partition));
            }

            await table.AppendAsync(new RecordBatch(Schema, [ids, .. batch.Arrays], rows.Length));
        }

        foreach (RowsGen.Condition condition in conditions)
        {
            long[] gone = [.. model.Where(row => condition.Meaning(row.Value) == true).Select(static row => row.Key)];
            DeleteResult result = await table.DeleteAsync(condition.Filter);
            result.RowsDeleted.Should().Be(gone.Length);
            (result.Version is null).Should().Be(gone.Length == 0);
            if (result.Version is { } version)
            {
                List<RecordBatch> changes = await table.ReadChangesAsync(version, version).ListAsync();
                changes.SelectMany(static batch => Kit.Longs(batch, "row")).Order().Should().Equal(gone.Order());
            }

            gone.Count(model.Remove).Should().Be(gone.Length);
            List<RecordBatch> left = await table.ReadAsync(["row"]).ListAsync();
            left.SelectMany(static batch => Kit.Longs(batch, "row")).Order().Should().Equal(model.Keys.Order());
            table.CurrentSnapshot.RowCount.Should().Be(model.Count);
        }
    }

    // The format has no empty partition values: they are nulls.
    private static int?[] Stored(int?[] row, int partition)
    {
        if (partition >= 0 && row[partition] is { } value && ColumnKind.All[partition].Values[value].Literal is "")
        {
            row[partition] = null;
        }

        return row;
    }
}
