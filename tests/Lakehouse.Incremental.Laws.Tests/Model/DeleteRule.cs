namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>What a delete does to the rows of its key.</summary>
internal enum DeleteRule
{
    /// <summary>Nothing is shown after it.</summary>
    Hard,

    /// <summary>The last row is shown after it, with a mark.</summary>
    Soft,

    /// <summary>The row stays.</summary>
    Ignore,
}
