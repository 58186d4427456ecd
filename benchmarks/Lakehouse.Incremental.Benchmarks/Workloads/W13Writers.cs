using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Writers that each update other rows of the same files at the same time. Time is that of all of them; no update may be lost.</summary>
internal sealed class W13Writers : ChangeStreamWorkload
{
    private const int CommitsOfAWriter = 5;

    public override string Id => "W13";

    public override string Title => "concurrent writers, five commits each";

    public override int Iterations => 3;

    public override IReadOnlyList<PeerEntry> Peers =>
    [
        .. new[] { 1, 2, 4, 8 }.Select(writers => new PeerEntry(
            FormattableString.Invariant($"writers-{writers}"),
            FormattableString.Invariant($"ours: {writers} flows on tables opened apart, other rows of the same files"),
            s => new WritersPeer(s, Flow, writers, CommitsOfAWriter) { WarmUp = WarmUp(s) }) { Compared = false }),
    ];

    protected override ChangeMix Mix => new() { Updates = 1 };

    public override int Batch(long rows) => (int)Math.Min(1000, Math.Max(rows / 100, 1)) * CommitsOfAWriter * 8;
}
