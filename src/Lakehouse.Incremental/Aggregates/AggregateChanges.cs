using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>
/// What a range of input versions adds to groups and takes away from them. Change data is held, since it is applied again after a lost race; when the
/// range begins with the whole table, rows are streamed from the snapshot instead.
/// </summary>
internal sealed class AggregateChanges
{
    private const string ChangeType = "_change_type";

    private readonly DeltaTable _input;
    private readonly Snapshot _snapshot;
    private readonly Schema _columns;
    private readonly List<RecordBatch> _batches = [];
    private readonly List<sbyte[]> _signs = [];

    private AggregateChanges(DeltaTable input, Snapshot snapshot, Schema columns, long from, bool isWhole)
    {
        _input = input;
        _snapshot = snapshot;
        _columns = columns;
        From = from;
        IsWhole = isWhole;
    }

    /// <summary>Versions after this one are covered; -1 from the first on.</summary>
    public long From { get; }

    public long To => _snapshot.Version;

    /// <summary>True when all rows of the snapshot stand for the range, because nothing was consumed before, or its changes cannot be told.</summary>
    public bool IsWhole { get; }

    public long RowsIn => Added + Retracted;

    public long Added { get; private set; }

    public long Retracted { get; private set; }

    /// <summary>The change data of the versions after <paramref name="from"/>; all rows of the snapshot when nothing was consumed before.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: a column changed its type within the range.</exception>
    public static async Task<AggregateChanges> ReadAsync(
        DeltaTable input, Snapshot snapshot, Schema columns, long from, CancellationToken cancellationToken)
    {
        if (from < 0)
        {
            return new AggregateChanges(input, snapshot, columns, from, isWhole: true);
        }

        AggregateChanges changes = new(input, snapshot, columns, from, isWhole: false);
        try
        {
            await foreach (RecordBatch batch in input.ReadChangesAsync(from + 1, snapshot.Version, cancellationToken).ConfigureAwait(false))
            {
                changes._batches.Add(Project(batch, columns));
                changes._signs.Add(SignsOf((StringArray)batch.Column(batch.Schema.PositionOf(ChangeType))));
            }
        }
        catch (LakehouseException error) when (error.ErrorCode is ErrorCodes.ChangeDataUnavailable or ErrorCodes.VersionNotFound)
        {
            // The rows themselves still tell the result.
            return new AggregateChanges(input, snapshot, columns, from, isWhole: true);
        }

        changes.Added = changes._signs.Sum(s => s.LongCount(x => x > 0));
        changes.Retracted = changes._signs.Sum(s => s.LongCount(x => x < 0));
        return changes;
    }

    /// <summary>All rows of the input at a version.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAllAsync(
        DeltaTable input, Snapshot snapshot, Schema columns, CancellationToken cancellationToken, Filter? filter = null)
    {
        // Without columns of its own an aggregate still counts rows: then the first column stands for them.
        string[] names = columns.FieldsList.Count > 0 ? [.. columns.FieldsList.Select(f => f.Name)] : [snapshot.Schema.GetFieldByIndex(0).Name];
        return input.ReadAsync(new ReadOptions { Version = snapshot.Version, Columns = names, Filter = filter }, cancellationToken);
    }

    /// <summary>Applies the changes to groups: all additions first, so that a value that comes and goes is never missed in between.</summary>
    public async Task ApplyToAsync(GroupTable groups, CancellationToken cancellationToken)
    {
        if (IsWhole)
        {
            (Added, Retracted) = (0, 0);
            await foreach (RecordBatch rows in ReadAllAsync(_input, _snapshot, _columns, cancellationToken).ConfigureAwait(false))
            {
                groups.Add(rows, Ones(rows.Length), 1);
                Added += rows.Length;
            }
        }

        foreach (int sign in (int[])[1, -1])
        {
            for (int i = 0; i < _batches.Count; i++)
            {
                groups.Add(_batches[i], _signs[i], sign);
            }
        }
    }

    public static sbyte[] Ones(int rows)
    {
        sbyte[] signs = new sbyte[rows];
        System.Array.Fill(signs, (sbyte)1);
        return signs;
    }

    private static RecordBatch Project(RecordBatch batch, Schema columns) =>
        new(columns, columns.FieldsList.Select(f => batch.Column(batch.Schema.PositionOf(f.Name))), batch.Length);

    private static sbyte[] SignsOf(StringArray types)
    {
        sbyte[] signs = new sbyte[types.Length];
        for (int row = 0; row < signs.Length; row++)
        {
            ReadOnlySpan<byte> type = types.GetBytes(row, out _);
            signs[row] = type.SequenceEqual("insert"u8) || type.SequenceEqual("update_postimage"u8) ? (sbyte)1 : (sbyte)-1;
        }

        return signs;
    }
}
