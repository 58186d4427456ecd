using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Sets of rows as sorted lines, so that they compare and a difference can be read. A row that is there twice is two lines.</summary>
internal static class Texts
{
    public static string[] Of(IEnumerable<object?[]> rows) => [.. rows.Select(Canonical.Text).Order(StringComparer.Ordinal)];

    public static string[] Of(IEnumerable<LatestRow> rows) => [.. rows.Select(r => r.ToString()).Order(StringComparer.Ordinal)];

    public static string[] Of(IEnumerable<Period> periods) => [.. periods.Select(p => p.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>Rows whose floats are told apart by every bit.</summary>
    public static string[] OfBits(IEnumerable<object?[]> rows) => [.. rows.Select(Literal.Of).Order(StringComparer.Ordinal)];
}
