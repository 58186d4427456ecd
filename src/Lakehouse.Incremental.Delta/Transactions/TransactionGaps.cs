using System.Text.Json;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// The versions of an application that were passed over: <c>txn</c> keeps the greatest version only, so what came after a greater one could not be told from what was
/// committed. They stand in a domain of the log, which outlives its clean-up, and are written by the commit that passes them over or fills them. Of ever new ones the oldest are
/// forgotten: what is below them may have been committed or not.
/// </summary>
internal sealed class TransactionGaps
{
    /// <summary>The domain's name.</summary>
    public const string Domain = "lakehouse.transactionGaps";

    /// <summary>How many are kept of an application, each a run of versions: they stand in every commit that changes them.</summary>
    public const int MaxRuns = 1000;

    private readonly (long First, long Last)[] _runs;

    private TransactionGaps(long forgottenBelow, (long First, long Last)[] runs)
    {
        int dropped = Math.Max(runs.Length - MaxRuns, 0);
        ForgottenBelow = dropped == 0 ? forgottenBelow : Math.Max(forgottenBelow, runs[dropped - 1].Last + 1);
        _runs = runs[dropped..];
    }

    /// <summary>Of versions below nobody knows which were passed over.</summary>
    public long ForgottenBelow { get; }

    /// <summary>The runs of versions that were passed over, ascending.</summary>
    public IReadOnlyList<(long First, long Last)> Runs => _runs;

    /// <summary>Those of an application.</summary>
    /// <exception cref="CorruptTableException">The domain is malformed.</exception>
    public static TransactionGaps Of(Snapshot snapshot, string appId) => Parse(Read(snapshot)[appId]);

    public bool Contains(long version) => Array.Exists(_runs, run => run.First <= version && version <= run.Last);

    /// <summary>After versions are passed over.</summary>
    public TransactionGaps With(long first, long last) => first > last ? this : new(ForgottenBelow, Joined([.. _runs, (first, last)]));

    /// <summary>After a version was committed.</summary>
    public TransactionGaps Without(long version) => new(
        ForgottenBelow,
        [.. _runs.SelectMany(run => version < run.First || run.Last < version
            ? [run]
            : ((long First, long Last)[])[(run.First, version - 1), (version + 1, run.Last)]).Where(static run => run.First <= run.Last)]);

    /// <summary>The action that makes these the gaps of an application, and leaves those of others; null where they are so.</summary>
    public DomainMetadata? Write(Snapshot snapshot, string appId)
    {
        JsonObject all = Read(snapshot);
        JsonObject? gaps = ForgottenBelow == 0 && _runs.Length == 0 ? null : new()
        {
            ["forgottenBelow"] = ForgottenBelow,
            ["runs"] = new JsonArray([.. _runs.Select(static run => (JsonNode)new JsonArray(run.First, run.Last))]),
        };
        if (JsonNode.DeepEquals(all[appId], gaps))
        {
            return null;
        }

        all.Remove(appId);
        if (gaps is not null)
        {
            all[appId] = gaps;
        }

        return new DomainMetadata(Domain, all.ToJsonString(), Removed: all.Count == 0);
    }

    private static JsonObject Read(Snapshot snapshot)
    {
        try
        {
            return snapshot.Domain(Domain) is { } text ? JsonNode.Parse(text)!.AsObject() : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw Corrupt(error);
        }
    }

    private static TransactionGaps Parse(JsonNode? gaps)
    {
        try
        {
            return gaps is null
                ? new TransactionGaps(0, [])
                : new TransactionGaps(
                    gaps["forgottenBelow"]!.GetValue<long>(),
                    [.. gaps["runs"]!.AsArray().Select(static run => (run![0]!.GetValue<long>(), run[1]!.GetValue<long>()))]);
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException or FormatException or ArgumentException)
        {
            throw Corrupt(error);
        }
    }

    private static (long First, long Last)[] Joined(IEnumerable<(long First, long Last)> runs)
    {
        List<(long First, long Last)> joined = [];
        foreach ((long first, long last) in runs.Order())
        {
            if (joined is [.., var before] && first <= before.Last + 1)
            {
                joined[^1] = (before.First, Math.Max(before.Last, last));
            }
            else
            {
                joined.Add((first, last));
            }
        }

        return [.. joined];
    }

    private static CorruptTableException Corrupt(Exception error) => new(ErrorCodes.CorruptLog, $"The domain metadata '{Domain}' cannot be read: {error.Message}", error);
}
