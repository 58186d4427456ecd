using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>
/// What a merge does that knows nothing but a join, as delta-rs: a full outer join of all rows and columns with the source, whose result is written as new
/// files. It uses our reader, kernels and writer; the join runs beside the reading.
/// </summary>
internal sealed class NaivePeer(Scenario scenario, IReadOnlyList<string> keys, NaiveRule rule) : DeltaPeer(scenario)
{
    public override async Task<Effects> ApplyAsync()
    {
        Dictionary<UInt128, int> source = [];
        foreach (UInt128 key in Keys(Source))
        {
            source.Add(key, source.Count);
        }

        StringArray? operations = Source.Schema.GetFieldIndex(Dataset.Operation) >= 0 ? (StringArray)Source.Column(Dataset.Operation) : null;
        bool[] deletes = [.. Enumerable.Range(0, Source.Length).Select(row => operations?.GetString(row) == "d")];
        bool[] matched = new bool[Source.Length];
        List<Task<RecordBatch>> joins = [];
        long targetRows = 0;
        await foreach (RecordBatch batch in Table.ReadAsync().ConfigureAwait(false))
        {
            targetRows += batch.Length;
            joins.Add(Task.Run(() => Join(batch, source, deletes, matched)));
        }

        List<RecordBatch> result = [.. await Task.WhenAll(joins).ConfigureAwait(false)];
        joins.Clear();
        int[] inserts = [.. Enumerable.Range(0, Source.Length).Where(row => !matched[row] && !deletes[row])];
        RecordBatch rows = WithoutOperation(Source, Table.CurrentSnapshot.Schema);
        result.Add(TakeKernel.Take(rows, inserts));
        long files = Table.CurrentSnapshot.FileCount;
        AppendResult written = await Table.OverwriteAsync(result.ToAsyncEnumerable()).ConfigureAwait(false);
        return new Effects
        {
            RowsWritten = written.Rows,
            RowsChanged = inserts.Length + (rule.DeletesUnmatched ? targetRows : matched.Count(static m => m)),
            FilesAdded = written.Files,
            FilesTouched = written.Files + files,
        };
    }

    /// <summary>The source's columns that the table has.</summary>
    public static RecordBatch WithoutOperation(RecordBatch source, Schema table) =>
        new(table, table.FieldsList.Select(f => source.Column(f.Name)), source.Length);

    private RecordBatch Join(RecordBatch target, Dictionary<UInt128, int> source, bool[] deletes, bool[] matched)
    {
        UInt128[] targetKeys = Keys(target);
        List<RowRef> output = new(target.Length);
        List<int> left = [];
        List<int> right = [];
        for (int row = 0; row < target.Length; row++)
        {
            if (!source.TryGetValue(targetKeys[row], out int match))
            {
                if (!rule.DeletesUnmatched)
                {
                    output.Add(new RowRef(0, row));
                }

                continue;
            }

            matched[match] = true;
            if (!deletes[match])
            {
                output.Add(new RowRef(1, left.Count));
                left.Add(row);
                right.Add(match);
            }
        }

        RecordBatch updated = rule.Update(TakeKernel.Take(target, [.. left]), TakeKernel.Take(Source, [.. right]));
        return InterleaveKernel.Interleave(target.Schema, [target, updated], [.. output]);
    }

    private UInt128[] Keys(RecordBatch batch)
    {
        int[] columns = [.. keys.Select(key => batch.Schema.GetFieldIndex(key))];
        RowEncoder encoder = new([.. columns.Select(c => batch.Schema.GetFieldByIndex(c).DataType)]);
        return KeyHash.Of(encoder.Encode(batch, columns));
    }
}
