namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>The failure of storage that a test asked for.</summary>
internal sealed class CrashException() : IOException("the storage fails here");
