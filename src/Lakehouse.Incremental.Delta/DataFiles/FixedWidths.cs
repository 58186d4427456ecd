using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Refuses values of an absurd fixed width: the library makes room for a whole batch of them, nulls included, before it looks for the first.
/// </summary>
internal static class FixedWidths
{
    /// <summary>Decimals take 16 bytes, identifiers and hashes up to 64; all nulls of a batch still fit into memory at this width.</summary>
    private const int MostBytes = 4096;

    /// <exception cref="InvalidDataException">A column is wider than the file or than any that makes sense.</exception>
    public static bool Check(FileReader reader, Schema schema, long fileSize)
    {
        if (!schema.FieldsList.Any(static field => MayBeFixed(field.DataType)))
        {
            return true;
        }

        using ParquetFileReader parquet = reader.ParquetReader;
        SchemaDescriptor columns = parquet.FileMetaData.Schema;
        for (int i = 0; i < columns.NumColumns; i++)
        {
            ColumnDescriptor column = columns.Column(i);
            if (column.PhysicalType == PhysicalType.FixedLenByteArray && (column.TypeLength > MostBytes || column.TypeLength > fileSize))
            {
                throw new InvalidDataException(FormattableString.Invariant($"the values of column {column.Name} claim {column.TypeLength} bytes each"));
            }
        }

        return true;
    }

    private static bool MayBeFixed(IArrowType type) => type switch
    {
        NestedType nested => nested.Fields.Any(static field => MayBeFixed(field.DataType)),
        FixedSizeBinaryType => true,
        _ => false,
    };
}
