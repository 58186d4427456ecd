using CsCheck;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>How the tables are kept: none of it may show in the rows.</summary>
internal sealed record TableShape
{
    /// <summary>Change data is written.</summary>
    public bool ChangeDataFeed { get; init; } = true;

    /// <summary>Replaced rows go to deletion vectors; else files are rewritten.</summary>
    public bool DeletionVectors { get; init; } = true;

    /// <summary>Small files are merged.</summary>
    public bool AutoCompact { get; init; }

    /// <summary>Events go through a staging table; else each batch is merged directly.</summary>
    public bool Staged { get; init; } = true;

    /// <summary>Invalid events are set apart; else their batch fails.</summary>
    public bool Quarantine { get; init; }

    /// <summary>Every third version is followed by a checkpoint.</summary>
    public bool Checkpoints { get; init; } = true;

    /// <summary>Every batch meets fresh instances of table and flow, which know nothing from before.</summary>
    public bool Reopen { get; init; }

    /// <summary>Decoded files are kept in memory.</summary>
    public bool Cache { get; init; } = true;

    /// <summary>The index of the keys is kept between batches, and rows are not read where it says enough.</summary>
    public bool KeyIndex { get; init; } = true;

    /// <summary>How many files are read at once.</summary>
    public int Degree { get; init; } = 1;

    /// <summary>The columns of a batch are slices of longer arrays.</summary>
    public bool Sliced { get; init; }

    /// <summary>Values come first in the tables, keys last.</summary>
    public bool ColumnsReversed { get; init; }

    /// <summary>Silver is partitioned by this column, counted among keys, sequence and values; null when it is not.</summary>
    public int? PartitionBy { get; init; }

    /// <summary>The greatest number of rows in a data file.</summary>
    public int MaxRowsPerFile { get; init; } = 1_000_000;

    /// <summary>Shapes that differ from the plainest one in one point less.</summary>
    public IEnumerable<TableShape> Smaller()
    {
        TableShape[] plainer =
        [
            this with { ChangeDataFeed = false }, this with { DeletionVectors = true }, this with { AutoCompact = false }, this with { Checkpoints = false },
            this with { Reopen = false }, this with { Cache = true }, this with { KeyIndex = true }, this with { Degree = 1 }, this with { Sliced = false }, this with { ColumnsReversed = false },
            this with { PartitionBy = null }, this with { MaxRowsPerFile = 1_000_000 },
        ];
        return plainer.Where(s => s != this);
    }

    public static Gen<TableShape> Any { get; } = Gen.Select(
        Gen.Bool.Array[11],
        Gen.Int[0, 3],
        Gen.Int[0, 9],
        (on, rows, partition) => new TableShape
        {
            ChangeDataFeed = on[0],
            DeletionVectors = on[1],
            AutoCompact = on[2],
            Staged = on[3] && rows < 2,
            Reopen = on[4],
            Cache = on[5],
            Sliced = on[6],
            ColumnsReversed = on[7],
            Checkpoints = on[8],
            KeyIndex = on[9],
            Degree = on[10] ? 4 : 1,
            PartitionBy = partition < 4 ? partition : null,
            MaxRowsPerFile = rows == 0 ? 2 : 1_000_000,
        });
}
