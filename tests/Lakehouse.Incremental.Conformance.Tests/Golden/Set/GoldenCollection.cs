namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>The tests that share the extracted set.</summary>
[CollectionDefinition(Name)]
public sealed class GoldenCollection : ICollectionFixture<GoldenSet>
{
    public const string Name = "golden";
}
