using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>A table with <c>delta.appendOnly</c> loses no row.</summary>
internal static class AppendOnlyRule
{
    /// <exception cref="LakehouseException">The table is append-only (<see cref="ErrorCodes.AppendOnly"/>).</exception>
    public static void Check(Snapshot snapshot, string table)
    {
        if (snapshot.TableProperties.AppendOnly)
        {
            throw new LakehouseException(
                ErrorCodes.AppendOnly, $"'{table}' is append-only (delta.appendOnly): the operation would delete or change rows of it.")
            {
                Table = table,
            };
        }
    }
}
