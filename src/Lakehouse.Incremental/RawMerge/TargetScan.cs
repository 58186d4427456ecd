using System.Runtime.CompilerServices;
using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Finds the rows a merge has to look at: files that cannot hold any are skipped, and of the others only the columns that tell are read.
/// </summary>
internal sealed class TargetScan
{
    private readonly DeltaTable _table;
    private readonly Snapshot _snapshot;
    private readonly BoundMerge _merge;
    private readonly SourceIndex _source;
    private readonly KeyPruner _keys;
    private readonly FilterPruner[] _limits;
    private readonly MergeScope[] _scopes;
    private readonly FilterPruner?[] _pruners;

    /// <param name="table">The table.</param>
    /// <param name="snapshot">The version that is merged into, with the columns it will have.</param>
    /// <param name="merge">The statement.</param>
    /// <param name="source">The source by key.</param>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: a scope does not fit the schema.</exception>
    public TargetScan(DeltaTable table, Snapshot snapshot, BoundMerge merge, SourceIndex source)
    {
        _table = table;
        _snapshot = snapshot;
        _merge = merge;
        _source = source;
        _keys = new KeyPruner(snapshot, merge.On.Keys, source);
        _limits = [.. merge.On.Limits.Select(limit => new FilterPruner(limit, snapshot))];
        _scopes = [.. merge.NotMatchedBySource.Select(static clause => clause.Clause.Scope!)];
        _pruners = [.. _scopes.Select(scope => scope.Filter is null ? null : new FilterPruner(scope.Filter, snapshot))];
    }

    /// <summary>Whether a file, also one that is not in the snapshot, may hold a row that the outcome depends on.</summary>
    public bool MayMatch(AddFile file) => MayHaveKey(file) || MayBeInScope(file);

    /// <summary>The files that have to be read, in the order of the snapshot.</summary>
    public IEnumerable<TargetFile> Files() => _snapshot.Files
        .Select(file => new TargetFile(file, MayHaveKey(file), MayBeInScope(file))).Where(static file => file.MayMatch || file.InScope);

    /// <summary>The rows of some files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="ahead">Whether a second thread reads rows while those before them are looked up.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async Task<TargetMatches> FindAsync(IReadOnlyList<TargetFile> files, bool ahead, CancellationToken cancellationToken)
    {
        TargetMatches matches = new(_scopes.Length);
        foreach (TargetFile file in files)
        {
            await ReadAsync(file, ahead, matches, cancellationToken).ConfigureAwait(false);
        }

        return matches;
    }

    private bool MayHaveKey(AddFile file) => _keys.MayMatch(file) && !System.Array.Exists(_limits, limit => limit.CanSkip(file));

    private bool MayBeInScope(AddFile file) => System.Array.Exists(_pruners, pruner => pruner?.CanSkip(file) != true);

    private async Task ReadAsync(TargetFile file, bool ahead, TargetMatches matches, CancellationToken cancellationToken)
    {
        DeletionVector deleted = await _table.DeletionVectors.LoadAsync(file.File.DeletionVector, cancellationToken).ConfigureAwait(false);
        IAsyncEnumerator<FileBatch> parts =
            _table.Reader.ReadAsync(_snapshot, file.File, Columns(file), cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable disposal = parts.ConfigureAwait(false);
        Task<bool> next = NextAsync();
        try
        {
            while (await next.ConfigureAwait(false))
            {
                FileBatch part = parts.Current;
                next = ahead ? Task.Run(NextAsync, CancellationToken.None) : Task.FromResult(false);
                Add(file, part, deleted, matches);
                next = ahead ? next : NextAsync();
            }
        }
        finally
        {
            // After an error the reader must have come to rest before it goes.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<bool> NextAsync() => await parts.MoveNextAsync().ConfigureAwait(false);
    }

    private void Add(TargetFile file, FileBatch part, DeletionVector deleted, TargetMatches matches)
    {
        bool[] live = new bool[part.Batch.Length];
        System.Array.Fill(live, true);
        deleted.MarkDeleted(part.FirstRow, live);
        int[]? found = file.MayMatch ? _source.Find(Keys(part.Batch)) : null;
        bool[][]? inScope = file.InScope ? [.. _scopes.Select(scope => Within(scope, part.Batch))] : null;
        matches.Add(file.File, part.FirstRow, live, found, inScope);
    }

    private Schema Columns(TargetFile file)
    {
        IEnumerable<int> keys = file.MayMatch ? _merge.On.Keys.SelectMany(static key => key.Target.Columns) : [];
        IEnumerable<int> scope = file.InScope
            ? _scopes.SelectMany(static s => s.Filter?.Columns ?? []).Select(name => FilterEvaluator.Position(_snapshot.Schema, name))
            : [];
        return new Schema([.. keys.Concat(scope).Distinct().Order().Select(_snapshot.Schema.GetFieldByIndex)], null);
    }

    private KeyRows Keys(RecordBatch part)
    {
        IArrowArray?[] columns = new IArrowArray?[_merge.Sides.TargetColumns];
        for (int i = 0; i < part.ColumnCount; i++)
        {
            columns[FilterEvaluator.Position(_snapshot.Schema, part.Schema.GetFieldByIndex(i).Name)] = part.Column(i);
        }

        JoinedRows rows = JoinedRows.OfTarget(_merge.Sides, new TargetValues(columns, null), part.Length);
        return MergeErrors.Within(_table.Storage.Name, MergeErrors.On, () => KeyRows.Of(_merge.On.Keys, rows, ofTarget: true));
    }

    private static bool[] Within(MergeScope scope, RecordBatch rows)
    {
        if (scope.Filter is { } filter)
        {
            return FilterEvaluator.Evaluate(filter, rows);
        }

        bool[] all = new bool[rows.Length];
        System.Array.Fill(all, true);
        return all;
    }
}
