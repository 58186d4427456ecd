using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Maintenance;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>What a merge tells about itself: its result, and what the history of the table keeps, under the names of Delta.</summary>
internal static class MergeReport
{
    // The texts are values within the commit, where they are escaped as any other; once is enough.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static RawMergeResult Result(MergeTotals totals, WrittenMerge written, int sourceRows)
    {
        AddFile[] marked = [.. written.Actions.OfType<AddFile>().Where(static file => file.DeletionVector is not null)];
        AddFile[] added = [.. written.Actions.OfType<AddFile>().Where(static file => file.DeletionVector is null)];
        RemoveFile[] removed = [.. written.Actions.OfType<RemoveFile>().ExceptBy(marked.Select(static file => file.Path), static file => file.Path)];
        return new RawMergeResult
        {
            NumSourceRows = sourceRows,
            NumTargetRowsInserted = totals.Inserted,
            NumTargetRowsMatchedUpdated = totals.MatchedUpdated,
            NumTargetRowsMatchedDeleted = totals.MatchedDeleted,
            NumTargetRowsNotMatchedBySourceUpdated = totals.NotMatchedBySourceUpdated,
            NumTargetRowsNotMatchedBySourceDeleted = totals.NotMatchedBySourceDeleted,
            NumTargetRowsUnchanged = totals.Unchanged,
            NumTargetRowsCopied = written.RowsCopied,
            NumTargetFilesScanned = totals.FilesScanned,
            NumTargetFilesAdded = added.Length,
            NumTargetFilesRemoved = removed.Length,
            NumTargetBytesAdded = added.Sum(static file => file.Size),
            NumTargetBytesRemoved = removed.Sum(static file => file.Size ?? 0),
            NumTargetDeletionVectorsAdded = marked.Length,
            NumTargetDeletionVectorsUpdated = written.VectorsUpdated,
            NumTargetDeletionVectorsRemoved = written.VectorsUpdated + removed.Count(static file => file.DeletionVector is not null),
            NumTargetChangeFilesAdded = written.Actions.OfType<AddCdcFile>().Count(),
        };
    }

    public static JsonObject Metrics(RawMergeResult result) => OperationMetrics.Of(
        ("numSourceRows", result.NumSourceRows),
        ("numTargetRowsInserted", result.NumTargetRowsInserted),
        ("numTargetRowsUpdated", result.NumTargetRowsUpdated),
        ("numTargetRowsDeleted", result.NumTargetRowsDeleted),
        ("numTargetRowsMatchedUpdated", result.NumTargetRowsMatchedUpdated),
        ("numTargetRowsMatchedDeleted", result.NumTargetRowsMatchedDeleted),
        ("numTargetRowsNotMatchedBySourceUpdated", result.NumTargetRowsNotMatchedBySourceUpdated),
        ("numTargetRowsNotMatchedBySourceDeleted", result.NumTargetRowsNotMatchedBySourceDeleted),
        ("numTargetRowsCopied", result.NumTargetRowsCopied),
        ("numOutputRows", result.NumTargetRowsInserted + result.NumTargetRowsUpdated + result.NumTargetRowsCopied),
        ("numTargetFilesAdded", result.NumTargetFilesAdded),
        ("numTargetFilesRemoved", result.NumTargetFilesRemoved),
        ("numTargetBytesAdded", result.NumTargetBytesAdded),
        ("numTargetBytesRemoved", result.NumTargetBytesRemoved),
        ("numTargetDeletionVectorsAdded", result.NumTargetDeletionVectorsAdded),
        ("numTargetDeletionVectorsRemoved", result.NumTargetDeletionVectorsRemoved),
        ("numTargetDeletionVectorsUpdated", result.NumTargetDeletionVectorsUpdated),
        ("numTargetChangeFilesAdded", result.NumTargetChangeFilesAdded),
        ("executionTimeMs", result.ExecutionTimeMs),
        ("scanTimeMs", result.ScanTimeMs),
        ("rewriteTimeMs", result.RewriteTimeMs));

    public static JsonObject Parameters(BoundMerge merge) => new()
    {
        ["predicate"] = merge.On.Text,
        ["matchedPredicates"] = Predicates(merge.Matched),
        ["notMatchedPredicates"] = Predicates(merge.NotMatched),
        ["notMatchedBySourcePredicates"] = Predicates(merge.NotMatchedBySource),
    };

    private static string Predicates(IReadOnlyList<BoundClause> clauses)
    {
        JsonArray list = [];
        foreach (BoundClause clause in clauses)
        {
            JsonObject entry = [];
            if (clause.Clause.Predicate is { } predicate)
            {
                entry["predicate"] = predicate;
            }

            entry["actionType"] = clause.Clause.Action switch
            {
                MergeAction.Update => "update",
                MergeAction.Delete => "delete",
                _ => "insert",
            };
            list.Add((JsonNode)entry);
        }

        return list.ToJsonString(Plain);
    }
}
