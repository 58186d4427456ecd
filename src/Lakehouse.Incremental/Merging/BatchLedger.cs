using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Writing;
using Lakehouse.Incremental.Lineage;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// What batches a target has taken under their numbers (semantics 2.5). The target's log is the ledger: the commit of a batch carries its number as a
/// transaction, and its content as a digest.
/// </summary>
internal static class BatchLedger
{
    /// <summary>A digest of the set of events with their multiplicity: the order of rows does not count, nor where they were staged.</summary>
    public static string Digest(params IReadOnlyList<RecordBatch> events)
    {
        UInt128 sum = 0;
        foreach (RecordBatch part in events)
        {
            sum = unchecked(sum + Sum(part));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{RowDigest.Tag}:{events.Sum(static part => (long)part.Length)}:{sum:x32}");
    }

    /// <summary>The digest of a batch that was applied; null when the log no longer, or never, held one.</summary>
    public static async Task<string?> FindAsync(DeltaTable table, string appId, long batch, CancellationToken cancellationToken)
    {
        for (long version = table.CurrentSnapshot.Version; version >= 0; version--)
        {
            IReadOnlyList<DeltaAction> actions;
            try
            {
                actions = await table.Log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
            }
            catch (LakehouseException error) when (string.Equals(error.ErrorCode, ErrorCodes.VersionNotFound, StringComparison.Ordinal))
            {
                return null;
            }

            SetTransaction? transaction = actions.OfType<SetTransaction>().FirstOrDefault(t => string.Equals(t.AppId, appId, StringComparison.Ordinal));
            if (transaction is null)
            {
                continue;
            }

            // Of numbers that came late the transaction has a greater one; none is before a smaller one.
            JsonObject? audit = transaction.Version < batch ? null : AuditOf(actions.OfType<CommitInfo>().FirstOrDefault());
            if (transaction.Version < batch || (Value<long?>(audit, BatchAudit.NumberField) ?? transaction.Version) == batch)
            {
                return Value<string>(audit, BatchAudit.DigestField);
            }
        }

        return null;
    }

    private static UInt128 Sum(RecordBatch events)
    {
        int[] kept = [.. Enumerable.Range(0, events.ColumnCount).Where(i => !LineageColumns.IsLineage(events.Schema.GetFieldByIndex(i).Name))];
        RecordBatch given = new(new Schema([.. kept.Select(events.Schema.GetFieldByIndex)], null), kept.Select(events.Column), events.Length);
        Schema canonical = ArrowSchemas.ToArrow(ArrowSchemas.ToDelta(given.Schema));
        RecordBatch rows = BatchConformer.Conform([given], new Schema([.. canonical.FieldsList.Select(f => new Field(f.Name, f.DataType, true))], null), "the batch")[0];
        UInt128 sum = 0;
        foreach (UInt128 digest in RowDigest.Compute(rows, [.. Enumerable.Range(0, rows.ColumnCount)], DigestDomain.Event))
        {
            sum = unchecked(sum + digest);
        }

        return sum;
    }

    // Others may write what they like there.
    private static JsonObject? AuditOf(CommitInfo? info)
    {
        try
        {
            return info?.UserMetadata is { } text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T? Value<T>(JsonObject? audit, string field) => audit?[field] is JsonValue value && value.TryGetValue(out T? found) ? found : default;
}
