namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>One line of a commit file (protocol notes, section 2).</summary>
internal abstract record DeltaAction;
