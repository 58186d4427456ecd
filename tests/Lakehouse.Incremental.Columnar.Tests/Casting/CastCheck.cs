using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Casting;

/// <summary>Runs a cast and compares its cells with texts, where <c>FAILED</c> stands for a row that must be marked as failed.</summary>
internal static class CastCheck
{
    public const string Failed = "FAILED";

    public static CastResult Run(string rule, IArrowArray source, IArrowType target, string[] expected)
    {
        LosslessCast.CanCast(source.Data.DataType, target).Should().BeTrue(rule);
        CastResult result = LosslessCast.Cast(source, target);
        string[] texts = result.Array.Texts();
        texts.Select((text, row) => result.Failed?[row] == true ? Failed : text).Should().Equal(expected, rule);
        result.Array.Data.DataType.Should().BeSameAs(target, rule);
        result.Array.Data.Offset.Should().Be(0, rule);
        result.FailedRows.Should().Be(expected.Count(e => e == Failed), rule);
        result.FirstFailedRow.Should().Be(System.Array.IndexOf(expected, Failed), rule);
        (result.Failed is null).Should().Be(!expected.Contains(Failed), rule);
        return result;
    }
}
