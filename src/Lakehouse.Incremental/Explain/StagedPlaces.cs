using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Staging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Explain;

/// <summary>Where staged events lie, and which versions staged them.</summary>
internal static class StagedPlaces
{
    /// <summary>The place of a row, with what its lineage columns say.</summary>
    public static StagedPlace Of(RecordBatch rows, int row, string file, long rowInFile, long? version)
    {
        SourcePosition? position = Column<StringArray>(rows, LineageColumns.Source) is { } source
            && Column<Int32Array>(rows, LineageColumns.Partition) is { } partition && Column<Int64Array>(rows, LineageColumns.Offset) is { } offset
            && source.GetString(row) is { } name && partition.GetValue(row) is { } number && offset.GetValue(row) is { } at
            ? new SourcePosition(name, number, at)
            : null;
        DateTimeOffset? time = Column<TimestampArray>(rows, LineageColumns.IngestTime)?.GetTimestamp(row);
        return new StagedPlace(version, file, rowInFile, position, time);
    }

    /// <summary>
    /// Finds the versions by the log, newest first: a version that appended a file staged its rows, and one that took a source position in staged the rows with that
    /// position, whatever file a compaction has moved them to.
    /// </summary>
    public static async Task<StagedEvents> LocateAsync(StagedEvents events, DeltaTable staging, long from, CancellationToken cancellationToken)
    {
        HashSet<string> files = new(StringComparer.Ordinal);
        HashSet<(string AppId, long Offset)> positions = [];
        foreach (StagedPlace place in events.Origins.Concat(events.Refused.Select(static r => r.Origin)).Select(static o => o.Place).Where(static p => p.Version is null))
        {
            files.Add(place.File);
            if (place.Position is { } p)
            {
                positions.Add((p.AppId, p.Offset));
            }
        }

        Dictionary<string, long> byFile = new(StringComparer.Ordinal);
        Dictionary<(string, long), long> byPosition = [];
        for (long version = from; version >= 0 && (byFile.Count < files.Count || byPosition.Count < positions.Count); version--)
        {
            if (await CommitsOfLog.ReadAsync(staging, version, cancellationToken).ConfigureAwait(false) is not { } actions)
            {
                break;
            }

            foreach (string path in actions.OfType<AddFile>().Where(static f => f.DataChange).Select(static f => LogicalFile.PathKey(f.Path)).Where(files.Contains))
            {
                byFile[path] = version;
            }

            foreach (SetTransaction transaction in actions.OfType<SetTransaction>().Where(t => positions.Contains((t.AppId, t.Version))))
            {
                byPosition[(transaction.AppId, transaction.Version)] = version;
            }
        }

        return events.Locate(place => place.Version is not null ? place : place with
        {
            Version = byFile.TryGetValue(place.File, out long version) || (place.Position is { } p && byPosition.TryGetValue((p.AppId, p.Offset), out version)) ? version : null,
        });
    }

    private static T? Column<T>(RecordBatch rows, string name)
        where T : class => rows.Schema.PositionOf(name) is int position and >= 0 ? rows.Column(position) as T : null;
}
