using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>A named field of a struct or column of a table. Metadata is kept as it was read.</summary>
internal sealed record StructField(string Name, DataType Type, bool Nullable = true, JsonObject? Metadata = null);
