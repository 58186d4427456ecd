namespace Lakehouse.Incremental.Scd2;

/// <summary>An event of one key's timeline.</summary>
/// <param name="Source">Which list of events it comes from.</param>
/// <param name="Row">Row in that list.</param>
internal readonly record struct TimelineEvent(int Source, int Row)
{
    /// <summary>New with this batch.</summary>
    public const int Batch = 0;

    /// <summary>A row of the table that shows one event.</summary>
    public const int Visible = 1;

    /// <summary>Kept in the state.</summary>
    public const int Stored = 2;

    /// <summary>A truncate: in the timeline of every key.</summary>
    public const int Truncate = 3;

    /// <summary>The author of a cell that nobody has set.</summary>
    public static readonly TimelineEvent None = new(-1, 0);

    public bool IsNew => Source == Batch;
}
