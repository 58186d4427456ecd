using System.Globalization;
using System.Text;

namespace Lakehouse.Incremental.Explain;

/// <summary>An explanation as lines for people.</summary>
internal static class ExplanationText
{
    private const int MaxText = 60;

    public static string Of(KeyExplanation explanation)
    {
        StringBuilder text = new();
        Line(text, $"key {Cut(explanation.Key)} of flow '{explanation.Flow}' in {explanation.Table}, version {explanation.TargetVersion}, merged up to staged version {explanation.MergedVersion}");
        if (!explanation.IsKnown)
        {
            Line(text, $"  neither the staging table nor the target knows this key");
        }

        if (explanation.Events.Count > 0)
        {
            Line(text, $"events in ORDER");
            foreach (ExplainedEvent e in explanation.Events)
            {
                Add(text, e, explanation.Key);
            }
        }

        if (explanation.Rows.Count > 0)
        {
            Line(text, $"rows");
            foreach (ExplainedRow row in explanation.Rows)
            {
                Add(text, row);
            }
        }

        foreach (string note in explanation.Notes)
        {
            Line(text, $"note: {note}");
        }

        return text.ToString().TrimEnd();
    }

    private static void Add(StringBuilder text, ExplainedEvent e, string key)
    {
        string ofKey = string.Equals(e.Key, key, StringComparison.Ordinal) ? "" : $" of key {Cut(e.Key)}";
        string cells = e.Cells.Count == 0 ? "" : " " + string.Join(", ", e.Cells.Select(static c => $"{c.Column}={Cut(c.Text)}"));
        string by = e.By is { } number ? string.Create(CultureInfo.InvariantCulture, $" #{number}") : "";
        string place = e.Staged?.ToString() ?? (e.Knowledge == EventKnowledge.State ? "known from the state" : "known from the row");
        string merged = e.Status is EventStatus.Pending or EventStatus.Refused ? "" : e.AppliedVersion is { } version
            ? string.Create(CultureInfo.InvariantCulture, $"; merged in version {version} ({e.AppliedBatch})")
            : "; merged in a version that is not known";
        Line(text, $"  #{e.Number} at {e.Order} {(e.Kind is { } kind ? kind.ToString() : "event")}{ofKey}{cells}");
        Line(text, $"      {WordOf(e.Status)}{by}: {e.Rule}");
        Line(text, $"      {place}{merged}");
    }

    private static void Add(StringBuilder text, ExplainedRow row)
    {
        string by = row.Version is { } version
            ? string.Create(CultureInfo.InvariantCulture, $"version {version} ({row.Batch})")
            : "a version that is not known";
        string status = row.Status switch
        {
            RowStatus.AsExplained => "",
            RowStatus.Different => "DIFFERENT ",
            RowStatus.Missing => "MISSING ",
            _ => "UNEXPLAINED ",
        };
        string end = row.End is { } last ? string.Create(CultureInfo.InvariantCulture, $", ended by #{last}") : "";
        string made = row.Events.Count == 0 ? "" : $" by {string.Join(", ", row.Events.Select(static n => string.Create(CultureInfo.InvariantCulture, $"#{n}")))}{end}; {by}";
        Line(text, $"  {status}{(row.IsCurrent ? "current row" : "row")}{made}");
        Line(text, $"      {row.Rule}");
        foreach (ExplainedCell cell in row.Cells)
        {
            string author = cell.Event is { } number ? string.Create(CultureInfo.InvariantCulture, $" #{number}") : "";
            string expected = cell.Expected is { } value ? $", but the events say {Cut(value)}" : "";
            Line(text, $"      {cell.Column} = {Cut(cell.Text)}{expected} ({WordOf(cell.Origin)}{author})");
        }
    }

    private static string WordOf(EventStatus status) => status switch
    {
        EventStatus.Shown => "shown",
        EventStatus.Hidden => "hidden in the period of",
        EventStatus.Overtaken => "overtaken by",
        EventStatus.Deleted => "deleted by",
        EventStatus.Ended => "ended",
        EventStatus.Remembered => "remembered",
        EventStatus.Ignored => "ignored",
        EventStatus.Duplicate => "duplicate of",
        EventStatus.TooLate => "too late",
        EventStatus.BelowBaseline => "below the baseline",
        EventStatus.Refused => "refused",
        _ => "pending",
    };

    private static string WordOf(CellOrigin origin) => origin switch
    {
        CellOrigin.Set => "set by",
        CellOrigin.Inherited => "inherited from",
        CellOrigin.FormerKey => "former key's",
        CellOrigin.Group => "by the group's order",
        CellOrigin.LatestVersion => "latest version",
        CellOrigin.Default => "set by nobody",
        CellOrigin.Flow => "by the flow",
        _ => "unexplained",
    };

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
