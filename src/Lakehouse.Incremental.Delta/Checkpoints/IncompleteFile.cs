namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>A file read from a checkpoint that lacks statistics or partition values.</summary>
/// <param name="Row">Its row in the checkpoint file.</param>
/// <param name="Action">Its place in the list of actions.</param>
/// <param name="LacksPartitionValues">Whether its partition values are missing.</param>
internal readonly record struct IncompleteFile(long Row, int Action, bool LacksPartitionValues);
