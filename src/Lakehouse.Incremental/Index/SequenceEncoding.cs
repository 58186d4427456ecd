using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Index;

/// <summary>
/// Encodes a sequence so that bytes compare as sequences do. A composite sequence that is published as a struct column is encoded by its fields, so that
/// it compares with the columns it was made of.
/// </summary>
internal static class SequenceEncoding
{
    /// <summary>The encoding of several sequence columns.</summary>
    public static EncodedRows Encode(RecordBatch batch, ReadOnlySpan<int> columns)
    {
        RowEncoder encoder = new([.. columns.ToArray().Select(c => batch.Schema.GetFieldByIndex(c).DataType)]);
        return encoder.Encode(batch, columns);
    }

    /// <summary>The encoding of a published sequence: one column, or a struct of them. A null sequence must not be used.</summary>
    public static EncodedRows Encode(RecordBatch batch, string column)
    {
        int position = batch.Schema.PositionOf(column);
        if (batch.Column(position) is not StructArray composite)
        {
            return Encode(batch, [position]);
        }

        StructArray whole = (StructArray)ManagedCopy.Copy(composite);
        Apache.Arrow.Types.StructType type = (Apache.Arrow.Types.StructType)whole.Data.DataType;
        RecordBatch parts = new(new Schema(type.Fields, null), whole.Fields, whole.Length);
        return Encode(parts, Enumerable.Range(0, type.Fields.Count).ToArray());
    }
}
