namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>A list of values of one type.</summary>
internal sealed record ArrayType(DataType ElementType, bool ContainsNull = true) : DataType;
