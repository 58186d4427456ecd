using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Tells which updated rows differ from what they were: one that does not is not written, and is no change for those who read changes (semantics 2.38).
/// Column after column, those first that are cheap to read; as soon as a row differs in one, its others are not read.
/// </summary>
/// <param name="merge">The statement.</param>
/// <param name="reader">Reads what rows were.</param>
/// <param name="statistics">Tells from statistics.</param>
internal sealed class ChangedRows(BoundMerge merge, TargetReader reader, StatisticsDifference statistics)
{
    /// <param name="updates">Rows that are updated; each is marked when it differs.</param>
    /// <param name="values">What of the old rows is known already.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async Task MarkAsync(IReadOnlyList<UpdatedRows> updates, TargetValues values, CancellationToken cancellationToken)
    {
        Dictionary<UpdatedRows, List<int>> unread = [];
        foreach (UpdatedRows update in updates)
        {
            int[] given = [.. Given(update)];
            bool isThere = System.Array.TrueForAll(update.Rows.TargetRows, values.HasRow);
            int[] known = [.. given.Where(column => isThere && values.Has(column))];
            Compare(update, known, values);
            unread.Add(update, [.. given.Except(known)]);
            statistics.Mark(update, unread[update].Where(column => reader.Cost(column) == TargetReader.CheapCost));
        }

        foreach (int cost in unread.Values.SelectMany(static columns => columns).Select(reader.Cost).Distinct().Order().ToArray())
        {
            UpdatedRows[] open = [.. updates.Where(update => unread[update].Exists(column => reader.Cost(column) == cost) && update.Changed.Contains(false))];
            if (open.Length > 0)
            {
                int[] columns = [.. open.SelectMany(update => unread[update]).Where(column => reader.Cost(column) == cost).Distinct().Order()];
                int[] rows = [.. open.SelectMany(static update => update.Targets(update.Where(changed: false))).Order()];
                TargetValues old = await reader.ReadAsync(columns, rows, cancellationToken).ConfigureAwait(false);
                foreach (UpdatedRows update in open)
                {
                    Compare(update, columns.Intersect(unread[update]), old);
                }
            }
        }
    }

    private static void Compare(UpdatedRows update, IEnumerable<int> columns, TargetValues old)
    {
        foreach (int column in columns)
        {
            int[] open = update.Where(changed: false);
            bool[] differs = new bool[open.Length];
            ColumnDifference.Mark(update.Columns[column]!, open, old.Column(column), old.Places(update.Targets(open)), differs);
            for (int i = 0; i < open.Length; i++)
            {
                update.Changed[open[i]] = differs[i];
            }
        }
    }

    // The columns that get values, but for those that get the value by which the row was found.
    private IEnumerable<int> Given(UpdatedRows update)
    {
        for (int column = 0; column < update.Columns.Length; column++)
        {
            if (update.Columns[column] is not null && !IsMatched(update.Clause, column))
            {
                yield return column;
            }
        }
    }

    private bool IsMatched(BoundClause clause, int column)
    {
        int? source = clause.Values.FirstOrDefault(value => value.Column == column).Value?.Column;
        return source is not null && merge.On.Keys.Any(key => key.Target.Column == column && key.Source.Column == source);
    }
}
