namespace Lakehouse.Incremental.Columnar;

/// <summary>What a digest is of.</summary>
internal enum DigestDomain
{
    /// <summary>The data of a row: a null and an absent column are the same, so adding an all-null column changes no digest.</summary>
    Data,

    /// <summary>An event: a null says something that an absent cell does not.</summary>
    Event,
}
