using CsCheck;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>What a foreign writer does to one row of a table. Numbers are taken modulo what there is.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Row">To which row.</param>
/// <param name="Column">Which column is altered.</param>
/// <param name="Donor">The row whose value it gets.</param>
internal sealed record Damage(DamageKind Kind, int Row, int Column, int Donor)
{
    private const int Many = 1000;

    public static Gen<Damage[]> Any { get; } = Gen.Select(
        Gen.Int[0, 2],
        Gen.Int[0, Many],
        Gen.Int[0, Many],
        Gen.Int[0, Many],
        (kind, row, column, donor) => new Damage((DamageKind)kind, row, column, donor)).Array[0, 4];
}
