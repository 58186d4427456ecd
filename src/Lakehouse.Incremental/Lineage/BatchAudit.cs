using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Lineage;

/// <summary>What a commit of a flow says of itself: flow, batch, the input versions it consumed, and what became of every event.</summary>
internal sealed record BatchAudit
{
    public const int Format = 1;

    /// <summary>Where the audit has <see cref="Digest"/>.</summary>
    public const string DigestField = "batchDigest";

    /// <summary>Where the audit has <see cref="Number"/>.</summary>
    public const string NumberField = "batchNumber";

    /// <summary>The origins of commits: events that came, a horizon that advanced, a table that was taken over, a repair.</summary>
    public const string Stream = "Stream";

    /// <inheritdoc cref="Stream"/>
    public const string Collection = "GarbageCollection";

    /// <inheritdoc cref="Stream"/>
    public const string Adoption = "Adoption";

    /// <inheritdoc cref="Stream"/>
    public const string Reconciliation = "Reconciliation";

    public required string Flow { get; init; }

    /// <summary>A name of the batch for people.</summary>
    public required string Batch { get; init; }

    /// <summary>The number of the batch, where a transaction of the commit may have that of another; null: it has this one's.</summary>
    public long? Number { get; init; }

    /// <summary>The content of a batch that has a number of its own; null for others.</summary>
    public string? Digest { get; init; }

    /// <summary>The id of the table the input came from; null for a batch handed over directly.</summary>
    public string? InputTable { get; init; }

    /// <summary>Versions greater than this were consumed.</summary>
    public long? InputFromVersion { get; init; }

    /// <summary>Versions up to this one were consumed.</summary>
    public long? InputToVersion { get; init; }

    /// <summary>Why the commit was made.</summary>
    public string Origin { get; init; } = Stream;

    public CommitInfo ToCommitInfo(MergeCounts counts, MergeConfiguration flow) => new()
    {
        Operation = "MERGE",
        OperationParameters = new JsonObject
        {
            ["flow"] = Flow,
            ["storedAs"] = flow.StoredAs.ToString(),
            ["keys"] = string.Join(",", flow.Keys),
            ["sequenceBy"] = string.Join(",", flow.Sequence),
        },
        OperationMetrics = new JsonObject
        {
            ["numSourceRows"] = Text(counts.RowsIn),
            ["numTargetRowsInserted"] = Text(counts.Inserted),
            ["numTargetRowsUpdated"] = Text(counts.Updated),
            ["numTargetRowsDeleted"] = Text(counts.Deleted),
        },
        UserMetadata = ToJson(counts).ToJsonString(),
    };

    private JsonObject ToJson(MergeCounts counts) => new()
    {
        ["format"] = Format,
        ["flow"] = Flow,
        ["batch"] = Batch,
        [NumberField] = Number,
        [DigestField] = Digest,
        ["origin"] = Origin,
        ["input"] = InputTable is null
            ? null
            : new JsonObject { ["table"] = InputTable, ["fromVersion"] = InputFromVersion, ["toVersion"] = InputToVersion },
        ["rowsIn"] = counts.RowsIn,
        ["applied"] = counts.Applied,
        ["duplicates"] = counts.Duplicates,
        ["late"] = counts.Late,
        ["superseded"] = counts.Superseded,
        ["quarantined"] = counts.Quarantined,
        ["tooLate"] = counts.TooLate,
        ["arrivedLate"] = counts.ArrivedLate,
        ["ties"] = counts.Ties,
        ["tieSamples"] = new JsonArray([.. counts.TieSamples.Select(static s => new JsonObject { ["key"] = s.Key, ["order"] = s.Order })]),
        ["deletesUnmatched"] = counts.DeletesUnmatched,
        ["inserted"] = counts.Inserted,
        ["updated"] = counts.Updated,
        ["deleted"] = counts.Deleted,
    };

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
