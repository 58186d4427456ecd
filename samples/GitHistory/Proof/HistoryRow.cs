namespace GitHistory.Proof;

/// <summary>A file over a span of commits.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">The first commit of the span.</param>
/// <param name="End">The first commit after the span; null while the row is current.</param>
/// <param name="IsCurrent">What the table says about the row.</param>
internal readonly record struct HistoryRow(FileRow File, long Start, long? End, bool IsCurrent)
{
    /// <summary>True when the file looked like this right after a commit.</summary>
    public bool IsValidAt(long sequence) => Start <= sequence && (End is null || sequence < End);
}
