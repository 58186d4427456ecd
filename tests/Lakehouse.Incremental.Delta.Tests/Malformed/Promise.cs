namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>What may come out of a damaged file besides a typed error, by what could have told the damage.</summary>
internal enum Promise
{
    /// <summary>Neither a checksum nor a count covers the place: the reader may believe it. Only the form of failure is promised.</summary>
    AnyRows,

    /// <summary>A count covers it: values may differ, their number may not.</summary>
    SameCount,

    /// <summary>The rows of the table do not depend on it; its changes do, and nothing covers them.</summary>
    SameRowsAnyChanges,

    /// <summary>A checksum covers it, or it has no part in the rows.</summary>
    SameRows,
}
