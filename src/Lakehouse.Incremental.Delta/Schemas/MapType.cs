namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>A map; keys are never null.</summary>
internal sealed record MapType(DataType KeyType, DataType ValueType, bool ValueContainsNull = true) : DataType;
