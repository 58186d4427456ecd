using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Quarantine;

/// <summary>Collects the first reason for which each row of a batch cannot be merged (semantics 2.8 to 2.11).</summary>
internal sealed class InvalidEvents(int rows)
{
    private readonly string?[] _codes = new string?[rows];
    private readonly string[] _columns = new string[rows];

    public int Count { get; private set; }

    /// <summary>For each row whether it can be merged.</summary>
    public bool[] Valid => [.. _codes.Select(static code => code is null)];

    public void Add(int row, string code, string column)
    {
        if (_codes[row] is null)
        {
            (_codes[row], _columns[row]) = (code, column);
            Count++;
        }
    }

    /// <summary>Values that a column of the target cannot hold without loss.</summary>
    public void AddLossy(bool[]? failed, string column)
    {
        for (int row = 0; failed is not null && row < failed.Length; row++)
        {
            if (failed[row])
            {
                Add(row, ErrorCodes.LossyCast, column);
            }
        }
    }

    /// <summary>Keys and sequences that name no row, or no place in the order.</summary>
    public void AddNameless(MergeConfiguration flow, MergeLayout layout, RecordBatch data, EventKind[] kinds)
    {
        IArrowArray[] keys = [.. layout.Keys.Select(data.Column)];
        if (!flow.NullSafeKeys && keys.Any(static key => key.NullCount > 0))
        {
            AddNullKeys(layout, data, row => kinds[row] != EventKind.Truncate);
        }

        InvalidSequences.Add(this, layout, data, row => SpeaksOfGroup(layout, data, kinds, row));
    }

    private void AddNullKeys(MergeLayout layout, RecordBatch data, Func<int, bool> applies)
    {
        foreach (int column in layout.Keys.Where(column => data.Column(column).NullCount > 0))
        {
            IArrowArray values = data.Column(column);
            for (int row = 0; row < data.Length; row++)
            {
                if (values.IsNull(row) && applies(row))
                {
                    Add(row, ErrorCodes.NullKey, layout.Data.GetFieldByIndex(column).Name);
                }
            }
        }
    }

    /// <summary>An event without place in the main order may still have one in that of a group.</summary>
    private static bool SpeaksOfGroup(MergeLayout layout, RecordBatch data, EventKind[] kinds, int row) =>
        kinds[row] is EventKind.Upsert or EventKind.SnapshotRead
        && System.Array.TrueForAll(layout.Order, column => data.Column(column).IsNull(row))
        && layout.Groups.Any(group => System.Array.TrueForAll(group.Sequence, column => !data.Column(column).IsNull(row)));

    /// <summary>The error of a flow without quarantine: the first reason, and how many events it concerns.</summary>
    public InvalidRowsException ToException(MergeConfiguration flow, MergeLayout layout, string table, string batch, RecordBatch data)
    {
        int first = System.Array.FindIndex(_codes, static code => code is not null);
        (string code, string column) = (_codes[first]!, _columns[first]);
        int[] rows = [.. Enumerable.Range(0, _codes.Length).Where(row => string.Equals(_codes[row], code, StringComparison.Ordinal) && string.Equals(_columns[row], column, StringComparison.Ordinal))];
        return new InvalidRowsException(
            code, FormattableString.Invariant($"Flow '{flow.Name}', table {table}, batch {batch}: {rows.Length} of {_codes.Length} events {What(code)} {column}."))
        {
            Flow = flow.Name,
            Table = table,
            Batch = batch,
            Count = rows.Length,
            SampleKeys = KeyText.Samples(data, layout.Keys, rows),
        };
    }

    private static string What(string code) => code switch
    {
        ErrorCodes.NullKey => "have a null in key column",
        ErrorCodes.NullSequence => "have a null in sequence column",
        ErrorCodes.NonOrderableSequence => "have NaN in sequence column",
        ErrorCodes.UnknownOperation => "have an unknown code in operation column",
        ErrorCodes.IncompleteKeyChange => "change their key without telling the whole row, key column",
        _ => "have a value that does not fit without loss in column",
    };

    public RejectedEvents Of(RecordBatch events) => new(
        events,
        [.. Enumerable.Range(0, _codes.Length).Where(row => _codes[row] is not null).Select(row => new Rejection(row, _codes[row]!, _columns[row]))]);
}
