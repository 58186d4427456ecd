namespace Lakehouse.Incremental.Scd2;

/// <summary>An event of one key's timeline.</summary>
/// <param name="Source">Which list of events it comes from: <see cref="Batch"/>, <see cref="Visible"/> or <see cref="Hidden"/>.</param>
/// <param name="Row">Row in that list.</param>
internal readonly record struct TimelineEvent(int Source, int Row)
{
    /// <summary>New with this batch.</summary>
    public const int Batch = 0;

    /// <summary>The last event of a run, which is the row the table shows.</summary>
    public const int Visible = 1;

    /// <summary>Another member of a run, or a delete, kept in the state.</summary>
    public const int Hidden = 2;
}
