namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>A type of the Delta schema (protocol notes, section 7).</summary>
internal abstract record DataType;
