namespace Lakehouse.Incremental.Merging;

/// <summary>What became of each event of a batch, and what it did to the table.</summary>
internal sealed record MergeCounts
{
    private const int MaxSamples = 10;

    public long RowsIn { get; set; }

    public long Applied { get; set; }

    public long Duplicates { get; set; }

    public long Late { get; set; }

    public long Superseded { get; set; }

    public long Quarantined { get; set; }

    public long TooLate { get; set; }

    public long Ties { get; set; }

    /// <summary>Rows of the batch of a few events that tie.</summary>
    public List<int> TieRows { get; } = [];

    /// <summary>Rows of the batch of a few events that are late.</summary>
    public List<int> LateRows { get; } = [];

    public long DeletesUnmatched { get; set; }

    public long Inserted { get; set; }

    public long Updated { get; set; }

    public long Deleted { get; set; }

    public void AddTies(IEnumerable<int> rows, int count)
    {
        Ties += count;
        TieRows.AddRange(rows.Take(MaxSamples - TieRows.Count));
    }

    public void AddLate(int row)
    {
        Late++;
        if (LateRows.Count < MaxSamples)
        {
            LateRows.Add(row);
        }
    }

    /// <summary>The accounting identity (semantics 2.41): every event is accounted for once.</summary>
    public void AssertBalance(string flow)
    {
        if (RowsIn != Applied + Duplicates + Late + Superseded + TooLate + Quarantined)
        {
            throw new InvalidOperationException(
                $"Flow '{flow}': {RowsIn} events in, but {Applied} applied + {Duplicates} duplicate + {Late} late + {Superseded} superseded + {TooLate} too late + {Quarantined} quarantined.");
        }
    }
}
