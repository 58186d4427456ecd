namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Kinds of damage to a row.</summary>
internal enum DamageKind
{
    /// <summary>The row is gone.</summary>
    Remove,

    /// <summary>The row is there once more.</summary>
    Duplicate,

    /// <summary>A value of the row is that of another row.</summary>
    Alter,
}
