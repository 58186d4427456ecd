namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>What is aggregated.</summary>
internal enum GoldMeasure
{
    /// <summary>The sum of the values that are not null.</summary>
    Sum,

    /// <summary>The least of them.</summary>
    Min,

    /// <summary>The greatest of them.</summary>
    Max,
}
