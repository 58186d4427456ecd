namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>All golden vectors.</summary>
internal static class GoldenVectorSet
{
    public static IReadOnlyList<GoldenVector> All { get; } =
        [.. WholeRowVectors.All, .. PartialRowVectors.All, .. DeleteVectors.All, .. TimeVectors.All, .. GroupVectors.All, .. KeyChangeVectors.All];

    public static GoldenVector Named(string name) => All.Single(v => v.Name == name);
}
