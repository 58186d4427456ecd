using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks.Tests;

/// <summary>A benchmark compares only if all do the same work: each peer must end with the same rows.</summary>
public sealed class WorkloadTests
{
    private const int Rows = 1000;

    // Of the cases of W8 one of each kind is enough.
    public static TheoryData<string> Ids => new(AllWorkloads.List.Select(static w => w.Id)
        .GroupBy(static id => id.StartsWith("W8-", StringComparison.Ordinal) ? id[..id.IndexOf('-', 3)] : id).Select(static g => g.Last()));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task All_peers_end_with_the_same_rows(string id)
    {
        using WorkFolder folder = new(null);
        Workload workload = AllWorkloads.Find(id);
        Options options = new() { Directory = folder.Path, Batches = Math.Min(workload.Batches, 2) };
        Scenario scenario = Application.Scenario(workload, options, id == "W15" ? 10 : Rows);
        await workload.PrepareAsync(scenario);

        List<PeerResult> results = [];
        foreach (PeerEntry peer in workload.Peers)
        {
            results.Add(await PeerRun.RunAsync(peer, scenario, iterations: 1, verify: true, warmUp: false));
        }

        WorkloadResult result = new(workload, scenario, results);
        result.Disagreeing.Should().BeEmpty();
        results.Should().OnlyContain(r => r.Samples.Count == scenario.Batches);
        JsonLines.Of([result]).Should().Contain(line => line.Contains("\"measure\":\"seconds\""));
        Report.Of([result]).Should().Contain(line => line.StartsWith($"### {id} "));
    }
}
