using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.State;

/// <summary>A record of a set: its encoded key, and where its columns stand in the set's batches.</summary>
internal readonly record struct StateRecord(ReadOnlyMemory<byte> Key, RowRef Row);
