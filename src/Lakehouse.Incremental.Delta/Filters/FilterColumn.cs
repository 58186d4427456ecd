namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>
/// A column a condition is written on. Literals: string, bool, whole numbers up to 64 bits, float, double, decimal, byte array, <see cref="DateOnly"/>,
/// <see cref="DateTimeOffset"/> for instants, <see cref="DateTime"/> for timestamps without zone; null makes the comparison unknown. That the column exists and
/// the literal fits its type without loss is checked when the condition is used.
/// </summary>
public sealed class FilterColumn
{
    private readonly string _name;

    internal FilterColumn(string name) => _name = name;

    /// <summary>The value equals the literal.</summary>
    public Filter EqualTo(object? value) => new ComparisonFilter(_name, Comparison.Equal, value);

    /// <summary>The value is another one.</summary>
    public Filter NotEqualTo(object? value) => new ComparisonFilter(_name, Comparison.NotEqual, value);

    /// <summary>The value is less.</summary>
    public Filter LessThan(object? value) => new ComparisonFilter(_name, Comparison.LessThan, value);

    /// <summary>The value is less or equal.</summary>
    public Filter LessThanOrEqualTo(object? value) => new ComparisonFilter(_name, Comparison.LessThanOrEqual, value);

    /// <summary>The value is greater.</summary>
    public Filter GreaterThan(object? value) => new ComparisonFilter(_name, Comparison.GreaterThan, value);

    /// <summary>The value is greater or equal.</summary>
    public Filter GreaterThanOrEqualTo(object? value) => new ComparisonFilter(_name, Comparison.GreaterThanOrEqual, value);

    /// <summary>The value is one of the literals, of which there must be at least one.</summary>
    public Filter In(params object?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        return new InFilter(_name, [.. values]);
    }

    /// <summary>The value is null.</summary>
    public Filter IsNull() => new NullFilter(_name);

    /// <summary>The value is not null.</summary>
    public Filter IsNotNull() => !new NullFilter(_name);
}
