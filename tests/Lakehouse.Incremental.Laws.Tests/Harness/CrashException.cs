namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>The process ends here.</summary>
internal sealed class CrashException() : Exception("the process ends here");
