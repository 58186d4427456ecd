using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The rows that a range of input versions adds to groups and takes away from them.</summary>
internal sealed record AggregateChanges(long From, long To, IReadOnlyList<RecordBatch> Batches, IReadOnlyList<sbyte[]> Signs)
{
    private const string ChangeType = "_change_type";

    public long RowsIn => Signs.Sum(s => (long)s.Length);

    public long Added => Signs.Sum(s => s.LongCount(x => x > 0));

    public long Retracted => Signs.Sum(s => s.LongCount(x => x < 0));

    /// <summary>The change data of the versions after <paramref name="from"/>; all rows of the snapshot when nothing was consumed before.</summary>
    public static async Task<AggregateChanges> ReadAsync(
        DeltaTable input, Snapshot snapshot, Schema columns, long from, CancellationToken cancellationToken)
    {
        List<RecordBatch> batches = [];
        List<sbyte[]> signs = [];
        if (from < 0)
        {
            await foreach (RecordBatch rows in ReadAllAsync(input, snapshot, columns, cancellationToken).ConfigureAwait(false))
            {
                batches.Add(rows);
                signs.Add(Ones(rows.Length));
            }
        }
        else
        {
            await foreach (RecordBatch changes in input.ReadChangesAsync(from + 1, snapshot.Version, cancellationToken).ConfigureAwait(false))
            {
                batches.Add(new RecordBatch(columns, columns.FieldsList.Select(f => changes.Column(changes.Schema.GetFieldIndex(f.Name))), changes.Length));
                signs.Add(SignsOf((StringArray)changes.Column(changes.Schema.GetFieldIndex(ChangeType))));
            }
        }

        return new AggregateChanges(from, snapshot.Version, batches, signs);
    }

    /// <summary>All rows of the input at a version.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAllAsync(DeltaTable input, Snapshot snapshot, Schema columns, CancellationToken cancellationToken) =>
        input.ReadAsync(new ReadOptions { Version = snapshot.Version, Columns = [.. columns.FieldsList.Select(f => f.Name)] }, cancellationToken);

    /// <summary>Applies the changes to groups: what is added first, so that a value that only moves is never missed in between.</summary>
    public void ApplyTo(GroupTable groups)
    {
        foreach (int sign in (int[])[1, -1])
        {
            for (int i = 0; i < Batches.Count; i++)
            {
                groups.Add(Batches[i], Signs[i], sign);
            }
        }
    }

    public static sbyte[] Ones(int rows)
    {
        sbyte[] signs = new sbyte[rows];
        System.Array.Fill(signs, (sbyte)1);
        return signs;
    }

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
