using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>
/// What a merge does that knows nothing but a join, as delta-rs: a full outer join of all rows and columns with the source, whose result is written as new
/// files. It uses our reader, kernels and writer, and two threads for the join.
/// </summary>
internal sealed class NaivePeer(Scenario scenario, NaiveRule rule) : DeltaPeer(scenario)
{
    public override async Task<Effects> ApplyAsync()
    {
        Dictionary<(long, int), int> source = [];
        (ReadOnlyMemory<long> orders, ReadOnlyMemory<int> lines) = Keys(Source);
        for (int row = 0; row < Source.Length; row++)
        {
            source.Add((orders.Span[row], lines.Span[row]), row);
        }

        StringArray? operations = Source.Schema.GetFieldIndex(LineItem.Operation) >= 0 ? (StringArray)Source.Column(LineItem.Operation) : null;
        bool[] deletes = [.. Enumerable.Range(0, Source.Length).Select(row => operations?.GetString(row) == "d")];
        bool[] matched = new bool[Source.Length];
        List<RecordBatch> target = [];
        await foreach (RecordBatch batch in Table.ReadAsync().ConfigureAwait(false))
        {
            target.Add(batch);
        }

        List<RecordBatch> result = [.. target.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(batch => Join(batch, source, deletes, matched))];
        int[] inserts = [.. Enumerable.Range(0, Source.Length).Where(row => !matched[row] && !deletes[row])];
        RecordBatch rows = WithoutOperation(Source, Table.CurrentSnapshot.Schema);
        result.Add(TakeKernel.Take(rows, inserts));
        long files = Table.CurrentSnapshot.FileCount;
        AppendResult written = await Table.OverwriteAsync(result.ToAsyncEnumerable()).ConfigureAwait(false);
        return new Effects
        {
            RowsWritten = written.Rows,
            RowsChanged = matched.Count(static m => m) + inserts.Length + (rule.DeletesUnmatched ? target.Sum(static b => (long)b.Length) - matched.Count(static m => m) : 0),
            FilesAdded = written.Files,
            FilesTouched = written.Files + files,
        };
    }

    /// <summary>The source's columns that the table has.</summary>
    public static RecordBatch WithoutOperation(RecordBatch source, Schema table) =>
        new(table, table.FieldsList.Select(f => source.Column(f.Name)), source.Length);

    private RecordBatch Join(RecordBatch target, Dictionary<(long, int), int> source, bool[] deletes, bool[] matched)
    {
        (ReadOnlyMemory<long> orders, ReadOnlyMemory<int> lines) = Keys(target);
        List<RowRef> output = new(target.Length);
        List<int> left = [];
        List<int> right = [];
        for (int row = 0; row < target.Length; row++)
        {
            if (!source.TryGetValue((orders.Span[row], lines.Span[row]), out int match))
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

    private static (ReadOnlyMemory<long> Orders, ReadOnlyMemory<int> Lines) Keys(RecordBatch batch) =>
        (((Int64Array)batch.Column(LineItem.Keys[0])).Values.ToArray(), ((Int32Array)batch.Column(LineItem.Keys[1])).Values.ToArray());
}
