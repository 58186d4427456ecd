using CsCheck;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>How the tables are kept: none of it may show in the rows.</summary>
/// <param name="ChangeDataFeed">Change data is written.</param>
/// <param name="DeletionVectors">Replaced rows go to deletion vectors; else files are rewritten.</param>
/// <param name="AutoCompact">Small files are merged.</param>
/// <param name="Staged">Events go through a staging table; else each batch is merged directly.</param>
/// <param name="Reopen">Every batch meets fresh instances of table and flow, which know nothing from before.</param>
/// <param name="Cache">Decoded files are kept in memory.</param>
public sealed record TableShape(bool ChangeDataFeed, bool DeletionVectors, bool AutoCompact, bool Staged, bool Reopen, bool Cache)
{
    public static Gen<TableShape> Any { get; } =
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, (a, b, c, d, e, f) => new TableShape(a, b, c, d, e, f));
}
