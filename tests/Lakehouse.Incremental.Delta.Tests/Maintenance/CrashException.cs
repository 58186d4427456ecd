namespace Lakehouse.Incremental.Delta.Tests.Maintenance;

/// <summary>The process died here.</summary>
internal sealed class CrashException() : Exception("crash");
