using System.Text.Json;

namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>Results as lines of JSON, one a measure.</summary>
internal static class JsonLines
{
    public static IReadOnlyList<string> Of(IReadOnlyList<WorkloadResult> results)
    {
        List<string> lines = [];
        foreach (WorkloadResult result in results)
        {
            foreach (PeerResult peer in result.Peers)
            {
                lines.AddRange(Measures.Of(result, peer).Select(m => Line(result.Workload.Id, result.Scenario.Rows, result.Scenario.Batch, peer.Peer, m.Name, m.Value)));
            }
        }

        lines.AddRange(Measures.Exponents(results)
            .Select(e => Line(results[0].Workload.Id, null, results[0].Scenario.Batch, e.Peer, "exponent_of_latency_over_rows", e.Exponent)));
        return lines;
    }

    private static string Line(string workload, long? rows, int batch, string peer, string measure, double value) =>
        JsonSerializer.Serialize(new { workload, rows, batch, peer, measure, value = double.IsFinite(value) ? value : (double?)null });
}
