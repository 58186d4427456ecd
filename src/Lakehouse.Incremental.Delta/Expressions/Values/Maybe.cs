namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>A value or SQL's null, for types that have a null of their own and types that have none.</summary>
internal readonly record struct Maybe<T>(T Value, bool HasValue)
{
    public static readonly Maybe<T> Null = new(default!, false);

    public static implicit operator Maybe<T>(T value) => new(value, true);
}
