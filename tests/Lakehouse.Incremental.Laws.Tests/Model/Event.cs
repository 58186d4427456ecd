namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>A change of one key: a whole row, or a delete. The values of a delete have no meaning.</summary>
internal sealed record Event(object[] Key, object[] Sequence, bool IsDelete, object?[] Values)
{
    /// <summary>The row in the order of <see cref="Layout.Columns"/>.</summary>
    public object?[] Row => [.. Key, .. Sequence, .. Values];

    public static Event Upsert(object[] key, object[] sequence, params object?[] values) => new(key, sequence, false, values);

    public static Event Delete(object[] key, object[] sequence, params object?[] values) => new(key, sequence, true, values);

    /// <summary>The call that makes the event again.</summary>
    public override string ToString() =>
        $"Event.{(IsDelete ? "Delete" : "Upsert")}([{Literal.Of(Key)}], [{Literal.Of(Sequence)}], {Literal.Of(Values)})";
}
