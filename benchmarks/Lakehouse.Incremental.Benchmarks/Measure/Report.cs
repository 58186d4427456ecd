using System.Globalization;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;

namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>Results as markdown.</summary>
internal static class Report
{
    private static readonly string[] References = ["naive", "duckdb", "duckdb-rewrite"];

    public static IReadOnlyList<string> Of(IReadOnlyList<WorkloadResult> results)
    {
        List<string> lines = [];
        foreach (WorkloadResult result in results)
        {
            lines.AddRange(Table(result));
        }

        string[] exponents = [.. Measures.Exponents(results).Select(static e => string.Create(CultureInfo.InvariantCulture, $"{e.Peer} {e.Exponent:F2}"))];
        if (exponents.Length > 0)
        {
            lines.AddRange(["", $"Exponent of the median over the rows of the table: {string.Join(", ", exponents)}."]);
        }

        lines.AddRange(["", "Peers:", ""]);
        lines.AddRange(results[0].Workload.Peers.Where(p => results[0].Peers.Any(r => r.Peer == p.Name)).Select(static p => $"- {p.Name}: {p.Does}"));
        lines.Add("");
        return lines;
    }

    public static string Count(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Table(WorkloadResult result)
    {
        string[] references = [.. References.Where(r => result.Peers.Any(p => p.Peer == r))];
        string batches = result.Scenario.Batches == 1 ? "" : $" × {Count(result.Scenario.Batches)}";
        string keys = result.Scenario.Keys == KeyDistribution.Uniform ? "" : $", {result.Scenario.Keys.ToString().ToLowerInvariant()} keys";
        yield return $"### {result.Workload.Id} {result.Workload.Title}: {Count(result.Scenario.Rows)} rows, batch of {Count(result.Scenario.Batch)}{batches}{keys}";
        yield return "";
        yield return $"| peer | median s | min | p99 or max | CPU s | {string.Concat(references.Select(static r => $"÷ {r} | "))}peak RSS MiB | MB written | × changed bytes | rows written | files touched |";
        yield return $"|---|{string.Concat(Enumerable.Repeat("---|", references.Length + 9))}";
        foreach (PeerResult peer in result.Peers)
        {
            Effects effects = peer.Typical.Effects;
            string[] cells =
            [
                peer.Peer,
                Seconds(peer.Median),
                Seconds(peer.Seconds.Min()),
                Seconds(peer.Batches > 1 ? Statistics.Percentile(peer.Seconds, 0.99) : peer.Seconds.Max()),
                Seconds(peer.MedianCpu),
                .. references.Select(r => r == peer.Peer ? "" : Ratio(peer.Median / result.Peers.First(p => p.Peer == r).Median)),
                Count(peer.PeakMemory / (double)(1 << 20)),
                (peer.MedianBytes / 1e6).ToString("F2", CultureInfo.InvariantCulture),
                result.WriteAmplification(peer) is { } amplification ? Ratio(amplification) : "",
                effects.RowsWritten is { } rows ? Count(rows) : "",
                effects.FilesTouched is { } files ? Count(files) : "",
            ];
            yield return $"| {string.Join(" | ", cells)} |";
        }

        yield return "";
        foreach (string note in Notes(result))
        {
            yield return note;
        }
    }

    private static IEnumerable<string> Notes(WorkloadResult result)
    {
        foreach (PeerResult peer in result.Peers)
        {
            List<string> notes = [];
            if (peer.Typical.Effects.Steps is { Length: > 0 } steps)
            {
                notes.Add(steps);
            }

            if (Measures.LastOverFirst(peer) is { } drift)
            {
                notes.Add($"last tenth ÷ first tenth {Ratio(drift)}");
            }

            notes.AddRange(peer.More.Select(static m => $"{m.Key.Replace('_', ' ')} {Ratio(m.Value)}"));
            if (notes.Count > 0)
            {
                yield return $"- {peer.Peer}: {string.Join("; ", notes)}";
            }
        }

        string[] compared = [.. result.Peers.Where(static p => p.Fingerprint is not null).Select(static p => p.Peer)];
        if (compared.Length > 0)
        {
            yield return result.Disagreeing.Count == 0
                ? $"- Same rows at the end, among those of as many batches: {string.Join(", ", compared)}."
                : $"- **Other rows at the end: {string.Join(", ", result.Disagreeing)}.**";
        }
    }

    private static string Seconds(double seconds) => seconds.ToString(seconds < 1 ? "F4" : "F2", CultureInfo.InvariantCulture);

    private static string Ratio(double ratio) => ratio.ToString(ratio < 0.1 ? "F4" : "0.##", CultureInfo.InvariantCulture);
}
