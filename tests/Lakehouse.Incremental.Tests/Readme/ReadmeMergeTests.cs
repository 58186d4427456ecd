using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Tests.RawMerge;

namespace Lakehouse.Incremental.Tests.Readme;

public sealed class ReadmeMergeTests
{
    private static readonly Schema Stock = new(
        [
            new Field("sku", StringType.Default, true), new Field("store", StringType.Default, true),
            new Field("amount", Int64Type.Default, true), new Field("note", StringType.Default, true),
        ],
        null);

    [Fact]
    public async Task The_example_of_a_raw_merge_does_what_its_comments_say()
    {
        DeltaTable stock = await MergeKit.TableAsync(Rows(("nut", "graz", 5), ("bolt", "graz", 7), ("gear", "graz", 1), ("saw", "graz", 2), ("nut", "linz", 9)));
        RecordBatch counted = Rows(("nut", "graz", 6), ("bolt", "graz", 0), ("saw", "graz", 2), ("tap", "graz", 3));

        string printed = await ReadmeMergeExample.RunAsync(stock, counted, CancellationToken.None);

        printed.Should().StartWith("4 source rows: 1 updated, 1 inserted, 2 deleted · version 2");
        (await MergeKit.RowsAsync(stock)).Should().Equal("nut graz 6 was 5", "nut linz 9 _", "saw graz 2 _", "tap graz 3 _");
    }

    private static RecordBatch Rows(params (string Sku, string Store, long Amount)[] rows) => new(
        Stock,
        [
            new StringArray.Builder().AppendRange(rows.Select(static row => row.Sku)).Build(),
            new StringArray.Builder().AppendRange(rows.Select(static row => row.Store)).Build(),
            MergeKit.Longs([.. rows.Select(static row => row.Amount)]),
            new StringArray.Builder().AppendRange(rows.Select(static _ => (string)null!)).Build(),
        ],
        rows.Length);
}
