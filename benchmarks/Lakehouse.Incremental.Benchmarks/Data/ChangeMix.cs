namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>What a batch of changes is made of; the shares add up to one.</summary>
internal sealed record ChangeMix
{
    /// <summary>Rows of the table that get new values.</summary>
    public double Updates { get; init; }

    /// <summary>New rows.</summary>
    public double Inserts { get; init; }

    /// <summary>Rows of the table that go.</summary>
    public double Deletes { get; init; }

    /// <summary>Rows as the table has them.</summary>
    public double Unchanged { get; init; }

    /// <summary>True when new rows come after all others, false when they come between them.</summary>
    public bool InsertsAtEnd { get; init; }
}
