using Apache.Arrow;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Events as a quarantine keeps them, as lines: the reason, the column it is about, and all that the event says.</summary>
internal static class QuarantineLines
{
    /// <summary>All that the quarantine holds.</summary>
    public static async Task<string[]> ReadAsync(QuarantineTable quarantine)
    {
        await quarantine.Table.RefreshAsync();
        IReadOnlyList<string> lines = await TableRows.ReadAsync(
            quarantine.Table,
            (batch, row) => TableRows.Values(batch, ["__reason", "__column"], row) is var why ? Of((string)why[0]!, (string)why[1]!, quarantine.EventSchema, batch, row) : "");
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>The line of a row.</summary>
    public static string Of(string reason, string column, Schema events, RecordBatch batch, int row) =>
        $"{reason} {column}: {Canonical.Text(TableRows.Values(batch, events.FieldsList.Select(f => f.Name), row))}";
}
