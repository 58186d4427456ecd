using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar.Tests.Generators;

/// <summary>An array and the values that it was made of.</summary>
internal sealed record GenArray(IArrowType Type, IReadOnlyList<object?> Values, IArrowArray Array)
{
    /// <summary>The text of each value by the model.</summary>
    public string[] Texts => [.. Values.Select(v => ModelText.Of(Type, v))];

    /// <summary>The type and values, and where the slice begins, to make a failing case again.</summary>
    public override string ToString() => $"{Describe(Type)} at {Array.Data.Offset}: [{string.Join(" | ", Texts)}]";

    private static string Describe(IArrowType type) => type switch
    {
        NestedType nested => $"{type.Name}<{string.Join(", ", nested.Fields.Select(f => Describe(f.DataType)))}>",
        _ => type.ToString() ?? type.Name,
    };
}
