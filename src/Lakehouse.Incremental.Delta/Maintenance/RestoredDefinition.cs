using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>
/// The actions that bring back metadata and domains of an older version. Some of it describes the log rather than the version and must not go back:
/// the protocol, in-commit timestamps, and the numbers that may only grow.
/// </summary>
internal static class RestoredDefinition
{
    private const string MaxColumnId = "delta.columnMapping.maxColumnId";

    private static readonly string[] s_ofTheLog =
    [
        TableProperties.EnableInCommitTimestampsKey,
        "delta.inCommitTimestampEnablementVersion",
        "delta.inCommitTimestampEnablementTimestamp",
        "delta.rowTracking.materializedRowIdColumnName",
        "delta.rowTracking.materializedRowCommitVersionColumnName",
    ];

    // The mark of row ids only grows, and what was delivered stays delivered, as with the versions of applications.
    private static readonly string[] s_domainsOfTheLog = [ConflictChecker.RowTrackingDomain, TransactionGaps.Domain];

    public static List<DeltaAction> Of(Snapshot current, Snapshot target)
    {
        List<DeltaAction> actions = [];
        if (Protocol(current.Protocol, target.Protocol) is { } protocol)
        {
            actions.Add(protocol);
        }

        MetadataAction metadata = Metadata(current.Metadata, target.Metadata);
        if (!Same(metadata, current.Metadata))
        {
            actions.Add(metadata);
        }

        actions.AddRange(target.Domains.Values.Where(domain =>
            !s_domainsOfTheLog.Contains(domain.Domain, StringComparer.Ordinal) && !string.Equals(current.Domain(domain.Domain), domain.Configuration, StringComparison.Ordinal)));
        actions.AddRange(current.Domains.Values
            .Where(domain => !s_domainsOfTheLog.Contains(domain.Domain, StringComparer.Ordinal) && target.Domain(domain.Domain) is null)
            .Select(static domain => domain with { Removed = true }));
        return actions;
    }

    // Only when a feature was dropped since then does the table lack something that its older files may need.
    private static ProtocolAction? Protocol(ProtocolAction current, ProtocolAction target)
    {
        int reader = Math.Max(current.MinReaderVersion, target.MinReaderVersion);
        int writer = Math.Max(current.MinWriterVersion, target.MinWriterVersion);
        string[]? readerFeatures = reader < TableFeature.MaxReaderVersion ? null : Union(
            TableFeature.OfReader(current.MinReaderVersion, current.ReaderFeatures), TableFeature.OfReader(target.MinReaderVersion, target.ReaderFeatures));
        string[]? writerFeatures = writer < TableFeature.MaxWriterVersion ? null : Union(
            TableFeature.OfWriter(current.MinWriterVersion, current.WriterFeatures), TableFeature.OfWriter(target.MinWriterVersion, target.WriterFeatures));
        bool same = reader == current.MinReaderVersion && writer == current.MinWriterVersion
            && readerFeatures?.Length == current.ReaderFeatures?.Distinct(StringComparer.Ordinal).Count()
            && writerFeatures?.Length == current.WriterFeatures?.Distinct(StringComparer.Ordinal).Count();
        return same ? null : new ProtocolAction
        {
            MinReaderVersion = reader,
            MinWriterVersion = writer,
            ReaderFeatures = readerFeatures,
            WriterFeatures = writerFeatures,
        };
    }

    private static string[] Union(IEnumerable<string> left, IEnumerable<string> right) =>
        [.. left.Union(right, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static MetadataAction Metadata(MetadataAction current, MetadataAction target)
    {
        Dictionary<string, string> configuration = new(target.Configuration, StringComparer.Ordinal);
        foreach (string key in s_ofTheLog)
        {
            if (current.Configuration.TryGetValue(key, out string? value))
            {
                configuration[key] = value;
            }
            else
            {
                configuration.Remove(key);
            }
        }

        if (Number(current, MaxColumnId) is { } now && !(Number(target, MaxColumnId) >= now))
        {
            configuration[MaxColumnId] = current.Configuration[MaxColumnId];
        }

        return target with
        {
            Id = current.Id,
            CreatedTime = current.CreatedTime,
            Configuration = configuration,
            SchemaString = IdentityMarks.Kept(target.SchemaString, current.SchemaString),
        };
    }

    private static long? Number(MetadataAction metadata, string key) =>
        metadata.Configuration.TryGetValue(key, out string? text)
        && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : null;

    private static bool Same(MetadataAction left, MetadataAction right) =>
        ActionJson.WriteCommit([left]).AsSpan().SequenceEqual(ActionJson.WriteCommit([right]));
}
