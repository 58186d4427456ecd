using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The groups that a set of rows touches, each continued from what the state remembers of it.</summary>
internal sealed class GroupTable(AggregateLayout layout, StateSet? state)
{
    private readonly Dictionary<byte[], Group> _groups = new(ByteComparer.Instance);
    private readonly Dictionary<RecordBatch, MeasureInput?[]> _stateInputs = [];

    /// <summary>What <see cref="Group.Sample"/> refers to: columns of the groups.</summary>
    public List<RecordBatch> Samples { get; } = [];

    /// <summary>The groups in canonical order.</summary>
    public IEnumerable<Group> InOrder => _groups.Values.OrderBy(g => g.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));

    public int Count => _groups.Count;

    /// <summary>Adds the marked rows to their groups, or retracts them.</summary>
    /// <param name="batch">Columns of the input.</param>
    /// <param name="marks">The sign of each row.</param>
    /// <param name="sign">Rows of this sign are taken.</param>
    public void Add(RecordBatch batch, ReadOnlySpan<sbyte> marks, int sign)
    {
        EncodedRows keys = StateSet.EncodeKeys(layout.State, batch, layout.Groups.Count);
        MeasureInput?[] inputs = layout.Open(batch);
        int sample = Samples.Count;
        Samples.Add(batch);
        Dictionary<byte[], Group>.AlternateLookup<ReadOnlySpan<byte>> lookup = _groups.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int row = 0; row < batch.Length; row++)
        {
            if (marks[row] != sign)
            {
                continue;
            }

            if (!lookup.TryGetValue(keys[row], out Group? group))
            {
                group = Load(keys[row].ToArray(), new RowRef(sample, row));
                _groups.Add(group.Key, group);
            }

            group.Rows += sign;
            AddMeasures(group, inputs, row, sign);
        }
    }

    /// <summary>Makes sure that a group is there, such as the one of a global aggregate, or one that must vanish.</summary>
    public Group Touch(RecordBatch sample, int row)
    {
        byte[] key = StateSet.EncodeKeys(layout.State, sample, layout.Groups.Count)[row].ToArray();
        if (!_groups.TryGetValue(key, out Group? group))
        {
            Samples.Add(sample);
            group = Load(key, new RowRef(Samples.Count - 1, row));
            _groups.Add(key, group);
        }

        return group;
    }

    public bool Remove(byte[] key) => _groups.Remove(key);

    /// <summary>Computes the dirty measures of groups again from all rows of the input.</summary>
    public async Task RecomputeAsync(IReadOnlyList<Group> dirty, IAsyncEnumerable<RecordBatch> input, CancellationToken cancellationToken)
    {
        Dictionary<byte[], Group> byKey = dirty.ToDictionary(g => g.Key, ByteComparer.Instance);
        Dictionary<byte[], Group>.AlternateLookup<ReadOnlySpan<byte>> lookup = byKey.GetAlternateLookup<ReadOnlySpan<byte>>();
        Dictionary<Group, bool[]> renew = dirty.ToDictionary(g => g, g => g.Measures.Select(m => m?.IsDirty == true).ToArray());
        foreach (IMeasureAccumulator measure in dirty.SelectMany(g => g.Measures).OfType<IMeasureAccumulator>().Where(m => m.IsDirty))
        {
            measure.Reset();
        }

        await foreach (RecordBatch batch in input.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            EncodedRows keys = StateSet.EncodeKeys(layout.State, batch, layout.Groups.Count);
            MeasureInput?[] inputs = layout.Open(batch);
            for (int row = 0; row < batch.Length; row++)
            {
                if (lookup.TryGetValue(keys[row], out Group? group))
                {
                    AddMeasures(group, inputs, row, 1, renew[group]);
                }
            }
        }
    }

    private static void AddMeasures(Group group, MeasureInput?[] inputs, int row, int sign, bool[]? only = null)
    {
        for (int m = 0; m < inputs.Length; m++)
        {
            if (inputs[m] is { } input && only?[m] != false && !input.IsNull(row))
            {
                group.Measures[m]!.Add(input, row, sign);
            }
        }
    }

    private Group Load(byte[] key, RowRef sample)
    {
        Group group = new(key, sample, [.. Enumerable.Range(0, layout.Flow.Measures.Count).Select(layout.NewAccumulator)]);
        if (state?.Find(key) is [{ } record, ..])
        {
            Restore(group, state.Batches[record.Row.Batch], record.Row.Row);
        }

        return group;
    }

    private void Restore(Group group, RecordBatch rows, int row)
    {
        group.Rows = Long(rows, AggregateLayout.Rows, row);
        for (int m = 0; m < group.Measures.Length; m++)
        {
            switch (group.Measures[m])
            {
                case SumAccumulator sum:
                    sum.Restore(Long(rows, AggregateLayout.ValuesOf(m), row), ((BinaryArray)rows.Column(rows.Schema.GetFieldIndex(AggregateLayout.SumOf(m)))).GetBytes(row, out _));
                    break;
                case ExtremeAccumulator extreme:
                    extreme.Restore(Long(rows, AggregateLayout.ValuesOf(m), row), Long(rows, AggregateLayout.CopiesOf(m), row), StateInputs(rows)[m]!, row);
                    break;
                default:
                    break;
            }
        }
    }

    private static long Long(RecordBatch rows, string column, int row) => ((Int64Array)rows.Column(rows.Schema.GetFieldIndex(column))).GetValue(row) ?? 0;

    /// <summary>The extremes of a batch of state records, encoded once per batch.</summary>
    private MeasureInput?[] StateInputs(RecordBatch rows)
    {
        if (!_stateInputs.TryGetValue(rows, out MeasureInput?[]? inputs))
        {
            inputs = [.. layout.Flow.Measures.Select((m, i) => m.Kind is MeasureKind.Min or MeasureKind.Max
                ? new MeasureInput(rows, rows.Schema.GetFieldIndex(AggregateLayout.ExtremeOf(i)), ordered: true)
                : null)];
            _stateInputs.Add(rows, inputs);
        }

        return inputs;
    }
}
