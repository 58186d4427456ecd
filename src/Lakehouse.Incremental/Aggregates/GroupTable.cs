using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The groups that a set of rows touches, each continued from what the state remembers of it.</summary>
/// <param name="layout">Columns of the aggregate.</param>
/// <param name="state">What is remembered; null when groups are worked out from all rows of the input.</param>
internal sealed class GroupTable(AggregateLayout layout, StateSet? state)
{
    private readonly Dictionary<byte[], Group> _groups = new(ByteComparer.Instance);
    private readonly Schema _groupSchema = new([.. layout.Groups], null);

    /// <summary>What <see cref="Group.Sample"/> refers to: columns of the groups.</summary>
    public List<RecordBatch> Samples { get; } = [];

    /// <summary>The groups in canonical order.</summary>
    public IEnumerable<Group> InOrder => _groups.Values.OrderBy(g => g.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));

    public int Count => _groups.Count;

    /// <summary>By how many rows the groups grew over what the state remembered.</summary>
    public long RowsGained => _groups.Values.Sum(g => g.Rows - g.RowsBefore);

    /// <summary>True when the groups owe nothing to the state.</summary>
    public bool IsRebuild => state is null;

    /// <summary>Adds the marked rows to their groups, or retracts them.</summary>
    /// <param name="batch">Columns of the input.</param>
    /// <param name="marks">The sign of each row.</param>
    /// <param name="sign">Rows of this sign are taken. All additions must come before the first retraction.</param>
    public void Add(RecordBatch batch, ReadOnlySpan<sbyte> marks, int sign)
    {
        if (!marks.Contains((sbyte)sign))
        {
            return;
        }

        Group?[] groups = GroupsOf(batch, marks, sign);
        foreach (Group? group in groups)
        {
            if (group is not null)
            {
                group.Rows += sign;
            }
        }

        AddMeasures(batch, groups, sign, static (_, _) => true);
    }

    /// <summary>Makes sure that a group is there, such as the one of a global aggregate, or one that must vanish.</summary>
    /// <param name="sample">A batch whose first columns are those of the groups.</param>
    /// <param name="row">A row of it.</param>
    public Group Touch(RecordBatch sample, int row) => Touch(TakeKernel.Take(sample, [row]))[0];

    /// <summary>Makes sure that the groups of all rows are there.</summary>
    /// <param name="samples">A batch whose first columns are those of the groups.</param>
    public Group[] Touch(RecordBatch samples)
    {
        sbyte[] all = new sbyte[samples.Length];
        return GroupsOf(samples, all, 0)!;
    }

    public bool Remove(byte[] key) => _groups.Remove(key);

    /// <summary>Computes the dirty measures of groups again from all rows of the input.</summary>
    /// <param name="dirty">The groups.</param>
    /// <param name="input">All rows that belong to them, and perhaps others.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>Groups of which the input holds another number of rows or values than is remembered.</returns>
    public async Task<IReadOnlyList<Group>> RecomputeAsync(
        IReadOnlyList<Group> dirty, IAsyncEnumerable<RecordBatch> input, CancellationToken cancellationToken)
    {
        Dictionary<byte[], Group> wanted = dirty.ToDictionary(g => g.Key, ByteComparer.Instance);
        Dictionary<Group, long> rows = dirty.ToDictionary(g => g, _ => 0L);
        Dictionary<IMeasureAccumulator, long> renewed = [];
        foreach (IMeasureAccumulator measure in dirty.SelectMany(g => g.Measures).OfType<IMeasureAccumulator>().Where(m => m.IsDirty))
        {
            renewed.Add(measure, measure.Values);
            measure.Reset();
        }

        await foreach (RecordBatch batch in input.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Group?[] groups = Among(wanted, batch);
            foreach (Group? group in groups)
            {
                if (group is not null)
                {
                    rows[group]++;
                }
            }

            AddMeasures(batch, groups, 1, (group, m) => renewed.ContainsKey(group.Measures[m]!));
        }

        return
        [
            .. dirty.Where(g => rows[g] != g.Rows
                || System.Array.Exists(g.Measures, m => m is not null && renewed.TryGetValue(m, out long values) && values != m.Values)),
        ];
    }

    private Group?[] Among(Dictionary<byte[], Group> wanted, RecordBatch batch)
    {
        Dictionary<byte[], Group>.AlternateLookup<ReadOnlySpan<byte>> lookup = wanted.GetAlternateLookup<ReadOnlySpan<byte>>();
        EncodedRows keys = StateSet.EncodeKeys(layout.State, batch, layout.Groups.Count);
        Group?[] groups = new Group?[batch.Length];
        for (int row = 0; row < groups.Length; row++)
        {
            lookup.TryGetValue(keys[row], out groups[row]);
        }

        return groups;
    }

    private void AddMeasures(RecordBatch batch, Group?[] groups, int sign, Func<Group, int, bool> includes)
    {
        MeasureInput?[] inputs = layout.Open(batch);
        for (int m = 0; m < inputs.Length; m++)
        {
            if (inputs[m] is not { } input)
            {
                continue;
            }

            for (int row = 0; row < groups.Length; row++)
            {
                if (groups[row] is { } group && !input.IsNull(row) && includes(group, m))
                {
                    group.Measures[m]!.Add(input, row, sign);
                }
            }

            input.Detach();
        }
    }

    /// <summary>The group of each marked row; groups that are new here are continued from the state.</summary>
    private Group?[] GroupsOf(RecordBatch batch, ReadOnlySpan<sbyte> marks, int sign)
    {
        Dictionary<byte[], Group>.AlternateLookup<ReadOnlySpan<byte>> lookup = _groups.GetAlternateLookup<ReadOnlySpan<byte>>();
        EncodedRows keys = StateSet.EncodeKeys(layout.State, batch, layout.Groups.Count);
        Group?[] groups = new Group?[batch.Length];
        List<Group> entered = [];
        List<int> rows = [];
        for (int row = 0; row < groups.Length; row++)
        {
            if (marks[row] != sign)
            {
                continue;
            }

            if (!lookup.TryGetValue(keys[row], out Group? group))
            {
                group = new Group(keys[row].ToArray(), new RowRef(Samples.Count, entered.Count), layout.NewAccumulators(retractable: !IsRebuild));
                _groups.Add(group.Key, group);
                entered.Add(group);
                rows.Add(row);
            }

            groups[row] = group;
        }

        if (entered.Count > 0)
        {
            RecordBatch columns = new(_groupSchema, batch.Arrays.Take(layout.Groups.Count), batch.Length);
            Samples.Add(TakeKernel.Take(columns, [.. rows]));
            GroupRecords.Restore(layout, state, entered);
        }

        return groups;
    }
}
