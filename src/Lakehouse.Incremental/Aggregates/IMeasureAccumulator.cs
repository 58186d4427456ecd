namespace Lakehouse.Incremental.Aggregates;

/// <summary>What a measure remembers of one group.</summary>
internal interface IMeasureAccumulator
{
    /// <summary>Values that are not null.</summary>
    long Values { get; }

    /// <summary>True when what is remembered no longer tells the result, so that the group's rows must be read again.</summary>
    bool IsDirty { get; }

    /// <summary>True when values were retracted that were never added (semantics 2.29).</summary>
    bool IsUnderflown { get; }

    /// <param name="input">The column.</param>
    /// <param name="row">A row whose value is not null.</param>
    /// <param name="sign">+1 adds the value, -1 retracts it. All additions of a batch come before its retractions.</param>
    void Add(MeasureInput input, int row, int sign);

    /// <summary>Forgets everything.</summary>
    void Reset();
}
