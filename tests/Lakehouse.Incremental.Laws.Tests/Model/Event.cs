namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>A change of one key, or of all: a truncate. The values of deletes and truncates, and the key of a truncate, have no meaning.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Key">The key.</param>
/// <param name="Order">Its place in the order: where in time it holds, if that is told, and its sequence. All null: it speaks only of groups.</param>
/// <param name="Values">Values, nulls, and <see cref="Unset.Cell"/>.</param>
internal sealed record Event(EventKind Kind, object?[] Key, object?[] Order, object?[] Values)
{
    /// <summary>The key that became <see cref="Key"/>; null, or with nulls in it, when it did not change.</summary>
    public object?[]? FormerKey { get; init; }

    /// <summary>In the order of <see cref="Layout.Columns"/>.</summary>
    public object?[] Row => [.. Key, .. Order, .. Values];

    public bool IsCut => Kind is EventKind.Delete or EventKind.Truncate;

    /// <summary>It is two events: a delete of the former key, and this one (semantics 2.32).</summary>
    public bool ChangesKey => !IsCut && FormerKey is { } former && !former.Contains(null) && !Canonical.Equal(former, Key);

    public bool IsWhole => !Values.Contains(Unset.Cell);

    public static Event Upsert(object?[] key, object?[] order, params object?[] values) => new(EventKind.Upsert, key, order, values);

    public static Event Delete(object?[] key, object?[] order, params object?[] values) => new(EventKind.Delete, key, order, values);

    public static Event Read(object?[] key, object?[] order, params object?[] values) => new(EventKind.Read, key, order, values);

    public static Event Truncate(object?[] key, object?[] order, params object?[] values) => new(EventKind.Truncate, key, order, values);

    /// <summary>The call that makes the event again.</summary>
    public override string ToString() => $"Event.{Kind}([{Literal.Of(Key)}], [{Literal.Of(Order)}], {Literal.Of(Values)})"
        + (FormerKey is { } former ? $" with {{ FormerKey = [{Literal.Of(former)}] }}" : "");
}
