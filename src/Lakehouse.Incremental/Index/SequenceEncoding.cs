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
    /// <param name="batch">The rows.</param>
    /// <param name="column">The published column.</param>
    /// <param name="parts">How many columns it was made of; one may be a struct itself.</param>
    public static EncodedRows Encode(RecordBatch batch, string column, int parts)
    {
        int position = batch.Schema.PositionOf(column);
        if (parts == 1 || batch.Column(position) is not StructArray composite)
        {
            return Encode(batch, [position]);
        }

        StructArray whole = (StructArray)ManagedCopy.Copy(composite);
        Apache.Arrow.Types.StructType type = (Apache.Arrow.Types.StructType)whole.Data.DataType;
        RecordBatch fields = new(new Schema(type.Fields, null), whole.Fields, whole.Length);
        return Encode(fields, Enumerable.Range(0, type.Fields.Count).ToArray());
    }
}
