using Apache.Arrow;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Conformance.Tests.Golden;

/// <summary>
/// Whatever statistics and partition values another engine wrote - truncated, wide, missing, as text or as columns - a file that has a row is not
/// skipped: each value of a table is found by a filter on it.
/// </summary>
[Collection(GoldenCollection.Name)]
public sealed class GoldenFilterTests(GoldenSet set)
{
    /// <summary>Values tried of each column; of more, some from all over the table are taken.</summary>
    private const int ValuesTried = 7;

    [GoldenTheory(GoldenPart.Derived)]
    [GoldenTables]
    public async Task Each_value_is_found_by_a_filter(GoldenCase table)
    {
        DeltaTable opened = await set.OpenAsync(table.Table);
        List<RecordBatch> all = await TableRows.ReadAsync(opened.ReadAsync());
        int rows = all.Sum(batch => batch.Length);
        foreach (string column in TableRows.Names(opened.CurrentSnapshot.Schema))
        {
            RowBag cells = RowBag.Of(all, [column]);
            int nulls = cells.CountOf([CellForm.Null]);
            (await CountAsync(opened, Filter.Column(column).IsNull())).Should().Be(nulls, "so many rows have no {0}", column);
            (await CountAsync(opened, Filter.Column(column).IsNotNull())).Should().Be(rows - nulls, "so many rows have a {0}", column);
            foreach ((string cell, object literal) in Sample(all, column))
            {
                ReadOptions wanted = new() { Filter = Filter.Column(column).EqualTo(literal) };
                RowBag found = RowBag.Of(await TableRows.ReadAsync(opened.ReadAsync(wanted)), [column]);
                found.Count.Should().Be(cells.CountOf([cell]), "so many rows have {0} = {1}", column, cell);
                found.CountOf([cell]).Should().Be(found.Count, "no other rows are found");
            }
        }
    }

    private static async Task<int> CountAsync(DeltaTable table, Filter filter) =>
        (await TableRows.ReadAsync(table.ReadAsync(new ReadOptions { Filter = filter }))).Sum(batch => batch.Length);

    private static IEnumerable<(string Cell, object Literal)> Sample(List<RecordBatch> batches, string column)
    {
        Dictionary<string, object> values = new(StringComparer.Ordinal);
        foreach (RecordBatch batch in batches)
        {
            IArrowArray array = batch.Column(column);
            for (int row = 0; row < batch.Length; row++)
            {
                if (FilterLiterals.Of(array, row) is { } literal)
                {
                    values.TryAdd(ArrowCells.Format(array, row), literal);
                }
            }
        }

        int step = Math.Max(1, values.Count / ValuesTried);
        return values.Where((_, i) => i % step == 0).Select(pair => (pair.Key, pair.Value));
    }
}
