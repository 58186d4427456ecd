namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>A theory over golden tables; skipped with the reason where there is no set, or the set has no table of the kind.</summary>
public sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute(GoldenPart part)
    {
        Part = part;
        Skip = GoldenFolder.SkipReason ?? (GoldenTablesAttribute.Select(part).Any() ? null : $"The set of golden tables has none for '{part}'.");
    }

    public GoldenPart Part { get; }
}
