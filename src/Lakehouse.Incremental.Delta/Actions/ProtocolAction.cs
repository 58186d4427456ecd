namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>protocol</c> action: what a client must support to read and to write the table.</summary>
internal sealed record ProtocolAction : DeltaAction
{
    public required int MinReaderVersion { get; init; }

    public required int MinWriterVersion { get; init; }

    /// <summary>Not null exactly when <see cref="MinReaderVersion"/> is 3.</summary>
    public IReadOnlyList<string>? ReaderFeatures { get; init; }

    /// <summary>Not null exactly when <see cref="MinWriterVersion"/> is 7.</summary>
    public IReadOnlyList<string>? WriterFeatures { get; init; }
}
