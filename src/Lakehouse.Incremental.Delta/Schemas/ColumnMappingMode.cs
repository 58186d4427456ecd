namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>How the columns of a table are found in its files: <c>delta.columnMapping.mode</c>.</summary>
internal enum ColumnMappingMode
{
    /// <summary>By their own names.</summary>
    None,

    /// <summary>By physical names that stay when a column is renamed.</summary>
    Name,

    /// <summary>By the field ids in the Parquet files.</summary>
    Id,
}
