using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Tests.Aggregates;

/// <summary>Replays the change data of a table and checks its rules on the way (semantics 2.38).</summary>
internal static class GoldChanges
{
    public static async Task<List<string>> ReplayAsync(DeltaTable gold, long version, int groupColumns)
    {
        int columns = gold.CurrentSnapshot.Schema.FieldsList.Count;
        Dictionary<string, string> rows = [];
        string? before = null;
        await foreach (RecordBatch batch in gold.ReadChangesAsync(0, version))
        {
            for (int row = 0; row < batch.Length; row++)
            {
                string[] cells = [.. Enumerable.Range(0, columns).Select(c => CellText.Format(batch.Column(c), row))];
                string key = string.Join(" | ", cells[..groupColumns]);
                string value = string.Join(" | ", cells[groupColumns..]);
                switch (((StringArray)batch.Column(columns)).GetString(row))
                {
                    case "insert":
                        rows.TryAdd(key, value).Should().BeTrue($"group {key} is inserted once");
                        break;
                    case "delete":
                        rows.Remove(key, out string? deleted).Should().BeTrue($"group {key} is there to delete");
                        deleted.Should().Be(value);
                        break;
                    case "update_preimage":
                        rows[key].Should().Be(value);
                        before = value;
                        break;
                    default:
                        value.Should().NotBe(before, "a change changes something");
                        rows[key] = value;
                        break;
                }
            }
        }

        List<string> result = [.. rows.Select(r => r.Key + " => " + r.Value)];
        result.Sort(StringComparer.Ordinal);
        return result;
    }
}
