namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>An expression as this library and as DuckDB write it.</summary>
internal readonly record struct SqlPair(string Ours, string Theirs)
{
    public static implicit operator SqlPair(string same) => new(same, same);

    /// <summary>A text with operands at <c>{0}</c>, <c>{1}</c> and so on, which may be written differently.</summary>
    public static SqlPair Of(string ours, string theirs, params SqlPair[] operands) => new(
        string.Format(System.Globalization.CultureInfo.InvariantCulture, ours, [.. operands.Select(static o => o.Ours)]),
        string.Format(System.Globalization.CultureInfo.InvariantCulture, theirs, [.. operands.Select(static o => o.Theirs)]));

    public static SqlPair Same(string text, params SqlPair[] operands) => Of(text, text, operands);
}
