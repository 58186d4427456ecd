namespace GitHistory.Proof;

/// <summary>A top-level directory in numbers.</summary>
/// <param name="Directory">Its name as text; "." for the files at the root.</param>
/// <param name="Files">Files, links and submodules in it.</param>
/// <param name="Bytes">The sum of the sizes known; null when none is known.</param>
/// <param name="Largest">The largest size known; null when none is known.</param>
internal readonly record struct DirectoryRow(string Directory, long Files, long? Bytes, long? Largest);
