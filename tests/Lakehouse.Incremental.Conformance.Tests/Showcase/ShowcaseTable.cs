using Apache.Arrow;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.Showcase;

/// <summary>A table that shows a feature.</summary>
/// <param name="Name">The folder it is written to.</param>
/// <param name="WriteAsync">Writes the table into an empty folder, and says what it holds then, from what was put in and not by reading it.</param>
internal sealed record ShowcaseTable(string Name, Func<string, Task<(DeltaTable Table, IReadOnlyList<RecordBatch> Rows)>> WriteAsync);
