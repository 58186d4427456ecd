using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Reconciliation;

/// <summary>A key that differs, and a row that shows the key.</summary>
/// <param name="Kind">How it differs.</param>
/// <param name="Row">A row of the actual or the expected set.</param>
/// <param name="InActual">Which of the two sets the row is in.</param>
internal readonly record struct Drift(DriftKind Kind, RowRef Row, bool InActual);
