namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>How events tell a flow which cells they do not set.</summary>
internal enum Presence
{
    /// <summary>They set all.</summary>
    Whole,

    /// <summary>A column of lists names the columns they set.</summary>
    List,

    /// <summary>The columns are not in their batch.</summary>
    Absent,

    /// <summary>They hold a null in columns in which nulls are ignored.</summary>
    Nulls,

    /// <summary>They hold a certain text.</summary>
    Marker,
}
