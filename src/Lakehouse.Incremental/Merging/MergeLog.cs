using System.Globalization;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Lineage;
using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental.Merging;

/// <summary>Logs what one input did, after its commit stands.</summary>
internal static class MergeLog
{
    public static void Write(MergeTarget target, MergeInput input, MergeStep step, SchemaGrowth evolution)
    {
        ILogger logger = target.Table.Logger;
        (string flow, string table, string batch) = (target.Flow.Name, target.Table.Storage.Name, input.Audit.Batch);
        MergeCounts counts = step.Counts;
        if (step.Version is { } version)
        {
            WriteCommit(logger, target, input, step, version);
            if (evolution.Actions.Count > 0)
            {
                logger.TargetEvolved(flow, table, batch, version, string.Join(", ", evolution.After.Schema.FieldsList.Select(static f => f.Name)));
            }
        }
        else if (counts.Quarantined + counts.TooLate == 0)
        {
            logger.NothingNew(flow, table, batch);
        }

        if (counts.Quarantined > 0)
        {
            IEnumerable<string> reasons = counts.QuarantinedByReason.Select(static r => string.Create(CultureInfo.InvariantCulture, $"{r.Value} {r.Key}"));
            logger.EventsQuarantined(flow, table, batch, counts.Quarantined, string.Join(", ", reasons));
        }

        if (counts.TooLate > 0)
        {
            logger.EventsTooLate(flow, table, batch, counts.TooLate);
        }

        if (counts.Ties > 0)
        {
            logger.TiesDecided(flow, table, batch, counts.Ties, string.Join("; ", counts.TieSamples));
        }

        if (counts.ArrivedLate > 0)
        {
            logger.EventsArrivedLate(flow, table, batch, counts.ArrivedLate, string.Join("; ", counts.LateSamples));
        }
    }

    private static void WriteCommit(ILogger logger, MergeTarget target, MergeInput input, MergeStep step, long version)
    {
        (string flow, string table, MergeCounts counts) = (target.Flow.Name, target.Table.Storage.Name, step.Counts);
        switch (input.Audit.Origin)
        {
            case BatchAudit.Collection:
                logger.HorizonAdvanced(flow, table, version);
                break;
            case BatchAudit.Adoption:
                logger.TableAdopted(flow, table, version);
                break;
            default:
                logger.Merged(
                    flow, table, input.Audit.Batch, version, counts.RowsIn, counts.Applied, counts.Duplicates, counts.Late, counts.Superseded, counts.TooLate, counts.Quarantined,
                    counts.Inserted, counts.Updated, counts.Deleted, step.FilesAdded, step.FilesRemoved, step.BytesWritten);
                break;
        }
    }
}
