namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>A Parquet file that is durable on storage.</summary>
internal readonly record struct WrittenParquet(long Size, long Rows);
