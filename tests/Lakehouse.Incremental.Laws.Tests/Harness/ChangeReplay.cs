using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>
/// Follows a table by its change data alone (semantics 2.38): of each row at most one net change in a commit, the images of an update different, and
/// all changes together are the table. The images of a row that moves to another partition lie in different files, so their order says nothing.
/// </summary>
internal static class ChangeReplay
{
    /// <summary>The rows that the change data adds up to, in the text of <paramref name="text"/>.</summary>
    /// <param name="table">A table with change data.</param>
    /// <param name="identity">What a row is known by, as text.</param>
    /// <param name="text">The whole row.</param>
    public static async Task<string[]> RunAsync(DeltaTable table, Func<RecordBatch, int, string> identity, Func<RecordBatch, int, string> text)
    {
        List<(long Version, string Kind, string Identity, string Text)> changes = [];
        await foreach (RecordBatch batch in table.ReadChangesAsync(0, table.CurrentSnapshot.Version))
        {
            changes.AddRange(Enumerable.Range(0, batch.Length).Select(row => (
                (long)TableRows.Values(batch, ["_commit_version"], row)[0]!,
                (string)TableRows.Values(batch, ["_change_type"], row)[0]!,
                identity(batch, row),
                text(batch, row))));
        }

        List<string> rows = [];
        foreach ((long Version, string Identity) commit in changes.Select(c => (c.Version, c.Identity)).Distinct())
        {
            (long, string Kind, string, string Text)[] net =
                [.. changes.Where(c => c.Version == commit.Version && c.Identity == commit.Identity)];
            if (table.CurrentSnapshot.PartitionColumns.Count > 0)
            {
                net = [.. net.OrderByDescending(c => c.Kind, StringComparer.Ordinal)];
            }

            string kinds = string.Join(' ', net.Select(c => c.Kind));
            kinds.Should().BeOneOf("insert", "delete", "update_preimage update_postimage");
            foreach ((long _, string kind, string _, string row) in net)
            {
                if (kind is "insert" or "update_postimage")
                {
                    rows.Add(row);
                }
                else
                {
                    rows.Remove(row).Should().BeTrue($"version {commit.Version} takes away {row}");
                }
            }

            (net.Length == 2 && net[0].Text == net[1].Text).Should().BeFalse($"version {commit.Version} updates {net[0].Text} to itself");
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
