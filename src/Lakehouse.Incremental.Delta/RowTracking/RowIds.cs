using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.RowTracking;

/// <summary>
/// Hands out row ids (protocol notes, section 13, rowTracking): each file that enters a table gets the next free range, and the greatest id goes into the
/// commit with it. Files that are committed again keep theirs.
/// </summary>
internal static class RowIds
{
    public const string Domain = "delta.rowTracking";

    private const string HighWaterMark = "rowIdHighWaterMark";

    /// <summary>The actions with ids filled in, and the new high water mark where it grew.</summary>
    /// <param name="actions">The actions of a plan. What they say of the high water mark is replaced.</param>
    /// <param name="snapshot">The version before the commit.</param>
    /// <param name="protocol">The protocol as of the commit.</param>
    /// <param name="properties">The table properties as of the commit.</param>
    /// <exception cref="CorruptTableException">A file without a number of rows, or a high water mark that is no number.</exception>
    public static IEnumerable<DeltaAction> Assign(
        IReadOnlyList<DeltaAction> actions, Snapshot snapshot, ProtocolAction protocol, TableProperties properties)
    {
        if (!IsSupported(protocol, properties) || !actions.Any(static action => action is AddFile))
        {
            return actions;
        }

        long before = Read(snapshot);
        long mark = before;
        List<DeltaAction> assigned = new(actions.Count + 1);
        foreach (DeltaAction action in actions)
        {
            if (action is AddFile add)
            {
                assigned.Add(Assign(add, snapshot, ref mark));
            }
            else if (action is not DomainMetadata { Domain: Domain })
            {
                assigned.Add(action);
            }
        }

        if (mark > before)
        {
            assigned.Add(new DomainMetadata(Domain, new JsonObject { [HighWaterMark] = mark }.ToJsonString(), false));
        }

        return assigned;
    }

    private static bool IsSupported(ProtocolAction protocol, TableProperties properties) =>
        TableFeature.OfWriter(protocol.MinWriterVersion, protocol.WriterFeatures).Contains(TableFeature.RowTracking, StringComparer.Ordinal)
        && !properties.RowTrackingSuspended;

    private static AddFile Assign(AddFile add, Snapshot snapshot, ref long mark)
    {
        snapshot.TryGetFile(LogicalFile.PathKey(add.Path), out AddFile? former);
        long? baseRowId = former?.BaseRowId ?? add.BaseRowId;
        long version = former?.DefaultRowCommitVersion ?? add.DefaultRowCommitVersion ?? snapshot.Version + 1;
        if (baseRowId is null)
        {
            long rows = StatisticsJson.NumRecords(add.Stats) ?? throw new CorruptTableException(
                ErrorCodes.CorruptLog, $"The statistics of '{add.Path}' hold no row count: its rows cannot get ids (feature 'rowTracking').");
            baseRowId = mark + 1;
            mark = checked(mark + rows);
        }

        return add with { BaseRowId = baseRowId, DefaultRowCommitVersion = version };
    }

    private static long Read(Snapshot snapshot)
    {
        if (snapshot.Domain(Domain) is not { } text)
        {
            return -1;
        }

        try
        {
            return (JsonNode.Parse(text) as JsonObject)?[HighWaterMark] is JsonValue value && value.TryGetValue(out long mark) ? mark : throw Broken(text, null);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // No JSON, or with a name that is there twice.
            throw Broken(text, error);
        }
    }

    private static CorruptTableException Broken(string text, Exception? inner) => new(
        ErrorCodes.CorruptLog,
        string.Create(CultureInfo.InvariantCulture, $"The domain '{Domain}' of the log holds no high water mark of row ids: {text}"),
        inner);
}
