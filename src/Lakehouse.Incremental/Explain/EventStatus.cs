namespace Lakehouse.Incremental.Explain;

/// <summary>What became of an event.</summary>
public enum EventStatus
{
    /// <summary>A row of the table shows it, or some of its cells.</summary>
    Shown,

    /// <summary>It lies within a period of the history that shows a later event, equal on the tracked columns.</summary>
    Hidden,

    /// <summary>A greater event took its place.</summary>
    Overtaken,

    /// <summary>A delete or truncate came after it and ended what it showed.</summary>
    Deleted,

    /// <summary>A delete or truncate that ended a row.</summary>
    Ended,

    /// <summary>A delete or truncate that ended nothing; it keeps older events that come later from taking effect.</summary>
    Remembered,

    /// <summary>A delete that the flow ignores.</summary>
    Ignored,

    /// <summary>It had come before.</summary>
    Duplicate,

    /// <summary>It came below the horizon or the baseline and is in the flow's quarantine.</summary>
    TooLate,

    /// <summary>It is older than the rows the table was adopted with and changes nothing.</summary>
    BelowBaseline,

    /// <summary>It breaks a rule for events and is in the flow's quarantine.</summary>
    Refused,

    /// <summary>It is staged and not yet merged.</summary>
    Pending,
}
