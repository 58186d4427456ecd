namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>What a cell of an event holds that says nothing. A null says null (semantics 2.12).</summary>
internal sealed class Unset
{
    private Unset()
    {
    }

    public static Unset Cell { get; } = new();
}
