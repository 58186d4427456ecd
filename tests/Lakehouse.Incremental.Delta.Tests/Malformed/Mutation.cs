namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>One damaged file.</summary>
/// <param name="Path">Which file.</param>
/// <param name="Content">What is in it now; null when it is gone.</param>
/// <param name="Script">What was done, so that it can be done again by hand.</param>
/// <param name="Promise">What may come out of it.</param>
internal sealed record Mutation(string Path, byte[]? Content, string Script, Promise Promise);
