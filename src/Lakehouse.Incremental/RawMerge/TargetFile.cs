using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>A file that has to be read for matches.</summary>
/// <param name="File">The file.</param>
/// <param name="MayMatch">Whether it may hold the key of a source row.</param>
/// <param name="InScope">Whether it may hold rows in the scope of a clause for rows without a match.</param>
internal readonly record struct TargetFile(AddFile File, bool MayMatch, bool InScope);
