using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.ChangeDataFeed;

/// <summary>The columns that changes have besides those of the table (protocol notes, section 14).</summary>
internal static class ChangeColumns
{
    public const string ChangeType = "_change_type";
    public const string CommitVersion = "_commit_version";
    public const string CommitTimestamp = "_commit_timestamp";

    public const string Insert = "insert";
    public const string Delete = "delete";
    public const string UpdatePreimage = "update_preimage";
    public const string UpdatePostimage = "update_postimage";

    public static readonly Field ChangeTypeField = new(ChangeType, StringType.Default, false);

    /// <summary>The table's columns and <see cref="ChangeType"/>: what a change data file holds.</summary>
    public static Schema FileSchema(Schema table) => new([.. table.FieldsList, ChangeTypeField], null);

    /// <summary>The columns of <see cref="FileSchema"/>, version and timestamp: what a reader of changes gets.</summary>
    public static Schema ReaderSchema(Schema table) => new(
        [
            .. table.FieldsList,
            ChangeTypeField,
            new Field(CommitVersion, Int64Type.Default, false),
            new Field(CommitTimestamp, new TimestampType(TimeUnit.Microsecond, "UTC"), false),
        ],
        null);

    /// <summary>Adds version and timestamp, and the change type when it is the same for all rows and not a column of the batch.</summary>
    public static RecordBatch Complete(RecordBatch batch, string? changeType, long version, long timestampMs, Schema result)
    {
        List<IArrowArray> columns = [.. Enumerable.Range(0, batch.ColumnCount).Select(batch.Column)];
        if (changeType is not null)
        {
            columns.Add(ConstantArray.Create(StringType.Default, changeType, batch.Length));
        }

        columns.Add(ConstantArray.Create(Int64Type.Default, version, batch.Length));
        columns.Add(ConstantArray.Create(new TimestampType(TimeUnit.Microsecond, "UTC"), timestampMs * 1000, batch.Length));
        return new RecordBatch(result, columns, batch.Length);
    }
}
