namespace Lakehouse.Incremental.RawMerge;

/// <summary>A live row of the target that a merge looks at.</summary>
/// <param name="File">Position of its file among those with such rows.</param>
/// <param name="Row">Its position in the file.</param>
/// <param name="Source">The first source row of the same key, or -1.</param>
internal readonly record struct TargetRow(int File, int Row, int Source);
