using Xunit.Abstractions;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>A table as the argument of a test: shown by its whole id, and found again by it when one case is run alone.</summary>
public sealed class GoldenCase : IXunitSerializable
{
    private string _id = "";

    /// <summary>For the test runner.</summary>
    public GoldenCase()
    {
    }

    internal GoldenCase(string id) => _id = id;

    internal GoldenTable Table => GoldenSet.Table(_id);

    public void Deserialize(IXunitSerializationInfo info) => _id = info.GetValue<string>("id");

    public void Serialize(IXunitSerializationInfo info) => info.AddValue("id", _id);

    public override string ToString() => _id;
}
