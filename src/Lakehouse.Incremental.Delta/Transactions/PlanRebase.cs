using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// Fits a plan to rows that others marked as deleted since it was derived. Row ids, the version of rows and in-commit timestamps are not its
/// business: they are given at each attempt, from the snapshot the attempt builds on; files that stay keep those of the snapshot.
/// </summary>
internal sealed class PlanRebase(DeltaTable table, CommitPlan plan, IReadOnlyDictionary<string, DeletionVector> marked, Snapshot snapshot)
{
    private readonly long _now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly List<string> _written = [];
    private readonly HashSet<string> _dropped = new(StringComparer.Ordinal);

    /// <summary>The plan on the snapshot; null when it does not fit and has to be derived anew.</summary>
    /// <param name="table">The table.</param>
    /// <param name="plan">The plan as it was derived.</param>
    /// <param name="marked">The rows it marks, by <see cref="LogicalFile.PathKey"/>.</param>
    /// <param name="snapshot">The latest version; all commits up to it were checked.</param>
    /// <param name="cancellationToken">Cancels reading and writing deletion vectors.</param>
    public static async Task<CommitPlan?> ApplyAsync(
        DeltaTable table,
        CommitPlan plan,
        IReadOnlyDictionary<string, DeletionVector> marked,
        Snapshot snapshot,
        CancellationToken cancellationToken)
    {
        PlanRebase rebase = new(table, plan, marked, snapshot);
        try
        {
            CommitPlan? fitted = await rebase.ApplyAsync(cancellationToken).ConfigureAwait(false);
            if (fitted is null)
            {
                await OrphanFiles.DiscardAsync(table, rebase._written).ConfigureAwait(false);
            }

            return fitted;
        }
        catch
        {
            await OrphanFiles.DiscardAsync(table, rebase._written).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<CommitPlan?> ApplyAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, DeltaAction[]> replaced = new(StringComparer.Ordinal);
        if (!await UniteAsync(replaced, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        Dictionary<string, DeltaAction[]> targets = new(StringComparer.Ordinal);
        foreach (RowMove move in plan.Moves)
        {
            await FollowAsync(move, replaced, targets, cancellationToken).ConfigureAwait(false);
        }

        List<DeltaAction> actions = [];
        foreach (DeltaAction action in plan.Actions)
        {
            actions.AddRange(action switch
            {
                RemoveFile file when replaced.TryGetValue(LogicalFile.PathKey(file.Path), out DeltaAction[]? instead) => instead,
                AddFile file when marked.ContainsKey(LogicalFile.PathKey(file.Path)) => [],
                AddFile file when targets.TryGetValue(LogicalFile.PathKey(file.Path), out DeltaAction[]? instead) => instead,
                _ => [action],
            });
        }

        // Vectors that were replaced by the union of rows are not referred to any more; all else the plan wrote stays.
        IEnumerable<string> superseded = VectorFiles(plan.Actions).Except(VectorFiles(actions), StringComparer.Ordinal);
        return plan with
        {
            Actions = actions,
            WrittenPaths = [.. plan.WrittenPaths.Except(superseded.Concat(_dropped), StringComparer.Ordinal), .. _written],
        };
    }

    // Files we marked: the union of their rows and ours. False when a file would have no row left, which is another plan.
    private async Task<bool> UniteAsync(Dictionary<string, DeltaAction[]> replaced, CancellationToken cancellationToken)
    {
        List<(AddFile File, DeletionVector Rows)> rows = [];
        foreach ((string path, DeletionVector own) in marked)
        {
            if (!snapshot.TryGetFile(path, out AddFile? live)
                || RowCounts.Of(live) is not { } left
                || left <= own.Cardinality)
            {
                return false;
            }

            rows.Add((live, own));
        }

        RowDeletionResult union = await RowDeletion.PrepareAsync(table.DeletionVectors, rows, _now, cancellationToken).ConfigureAwait(false);
        _written.AddRange(union.WrittenPaths);
        foreach (IGrouping<string, DeltaAction> file in union.Actions.GroupBy(PathOf, StringComparer.Ordinal))
        {
            replaced.Add(file.Key, [.. file]);
        }

        return union.DeletedRows == marked.Values.Sum(static own => own.Cardinality);
    }

    // Files we moved: their rows that are deleted by now are deleted where they went.
    private async Task FollowAsync(
        RowMove move, Dictionary<string, DeltaAction[]> removed, Dictionary<string, DeltaAction[]> targets, CancellationToken cancellationToken)
    {
        Dictionary<string, DeletionVector> gone = new(StringComparer.Ordinal);
        foreach (MovedFile source in move.Sources)
        {
            if (!snapshot.TryGetFile(source.PathKey, out AddFile? live))
            {
                throw new InvalidOperationException($"'{source.File.Path}' is moved although another commit removed it.");
            }

            DeletionVector deleted = await table.DeletionVectors.LoadAsync(live.DeletionVector, cancellationToken).ConfigureAwait(false);
            gone.Add(source.PathKey, deleted.Except(source.Deleted));
            removed[source.PathKey] = [RemoveFile.Of(live, _now, dataChange: false)];
        }

        IReadOnlyList<DeletionVector> places = move.Locate(gone);
        int[] touched =
        [
            .. Enumerable.Range(0, places.Count).Where(i => !places[i].IsEmpty && places[i].Cardinality < RowCounts.Of(move.Targets[i])),
        ];
        IReadOnlyList<DeletionVectorDescriptor> vectors =
            await table.DeletionVectors.WriteAsync([.. touched.Select(i => places[i])], cancellationToken).ConfigureAwait(false);
        _written.AddRange(vectors.Select(DeletionVectorStore.PathOf).OfType<string>().Distinct(StringComparer.Ordinal));
        for (int i = 0; i < touched.Length; i++)
        {
            AddFile target = move.Targets[touched[i]];
            string stats = StatisticsJson.WithWideBounds(target.Stats, RowCounts.Of(target)!.Value);
            targets.Add(LogicalFile.PathKey(target.Path), [target with { DeletionVector = vectors[i], Stats = stats, DataChange = false }]);
        }

        foreach (AddFile empty in move.Targets.Where((target, i) => !places[i].IsEmpty && places[i].Cardinality == RowCounts.Of(target)))
        {
            targets.Add(LogicalFile.PathKey(empty.Path), []);
            _dropped.Add(DataFilePath.Decode(empty.Path));
        }
    }

    private static IEnumerable<string> VectorFiles(IEnumerable<DeltaAction> actions) => actions.OfType<AddFile>()
        .Select(static file => file.DeletionVector is null ? null : DeletionVectorStore.PathOf(file.DeletionVector)).OfType<string>();

    private static string PathOf(DeltaAction action) => LogicalFile.PathKey(action is AddFile add ? add.Path : ((RemoveFile)action).Path);
}
