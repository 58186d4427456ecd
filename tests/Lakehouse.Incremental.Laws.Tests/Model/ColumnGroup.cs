namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>Columns with a clock of their own. Numbers count in <see cref="Layout.Values"/>.</summary>
internal sealed record ColumnGroup(int[] Sequence, int[] Columns)
{
    public override string ToString() => $"({string.Join(", ", Sequence)}) orders ({string.Join(", ", Columns)})";
}
