namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>A column of the model.</summary>
internal sealed record Column(string Name, ColumnType Type)
{
    public override string ToString() => $"{Name} {Type}";
}
