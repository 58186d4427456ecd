namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>Names a generated row: all its values follow from these and the seed.</summary>
/// <param name="Order">First part of the key.</param>
/// <param name="Line">Second part of the key.</param>
/// <param name="Version">0 for the row of the base table; each later version has other values, and is the row's place in the sequence.</param>
/// <param name="Operation">c, u or d.</param>
internal readonly record struct RowId(long Order, int Line, long Version, char Operation = 'u');
