namespace Lakehouse.Incremental.Merging;

/// <summary>What became of each event of a batch, and what it did to the table.</summary>
internal sealed record MergeCounts
{
    public long RowsIn { get; set; }

    public long Applied { get; set; }

    public long Duplicates { get; set; }

    public long Late { get; set; }

    public long Superseded { get; set; }

    public long Quarantined { get; set; }

    public long Ties { get; set; }

    public long DeletesUnmatched { get; set; }

    public long Inserted { get; set; }

    public long Updated { get; set; }

    public long Deleted { get; set; }

    /// <summary>The accounting identity (semantics 2.41): every event is accounted for once.</summary>
    public void AssertBalance(string flow)
    {
        if (RowsIn != Applied + Duplicates + Late + Superseded + Quarantined)
        {
            throw new InvalidOperationException(
                $"Flow '{flow}': {RowsIn} events in, but {Applied} applied + {Duplicates} duplicate + {Late} late + {Superseded} superseded + {Quarantined} quarantined.");
        }
    }
}
