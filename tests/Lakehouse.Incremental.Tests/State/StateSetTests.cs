using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Tests.State;

public sealed class StateSetTests
{
    private static readonly StateSetDefinition Definition = new(
        "things",
        new Schema(
            [
                new Field("group", StringType.Default, true), new Field("member", Int64Type.Default, true),
                new Field("value", Int64Type.Default, true), new Field("note", BinaryType.Default, true),
            ],
            null),
        GroupColumns: 1,
        KeyColumns: 2);

    private readonly InMemoryTableStorage _storage = new();
    private readonly IdSource _ids = IdSource.Sequential(1);

    [Fact]
    public void A_set_is_what_its_changes_make_of_it() => Gen.Select(
        Gen.Int[0, 2], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 6], Gen.Bool).List[0, 12].List[1, 40]).Sample(
        (reopenEvery, changes) => RunAsync(changes, reopenEvery).GetAwaiter().GetResult(), iter: 60);

    [Fact]
    public async Task A_change_is_not_seen_before_it_is_applied()
    {
        StateSet set = StateSet.Empty(Definition);
        StateChange change = await set.PrepareAsync(_storage, _ids, Rows((1, 1, 10)), null, default);

        set.Count.Should().Be(0);
        set.Files.Should().BeEmpty();
        set.Find(GroupKey(1)).Count.Should().Be(0);

        set.Apply(change).Count.Should().Be(1);
        set.Files.Should().Equal(change.Files);
    }

    [Fact]
    public async Task A_change_that_lost_its_race_leaves_no_trace()
    {
        StateSet set = await ChangedAsync(StateSet.Empty(Definition), Rows((1, 1, 10)), null);
        await set.PrepareAsync(_storage, _ids, Rows((1, 1, 11), (2, 1, 12)), Keys((1, 1)), default);
        set = await ChangedAsync(set, Rows((3, 1, 13)), null);

        Content(await StateSet.Empty(Definition).SyncAsync(_storage, set.Files, default)).Should().Equal(Content(set));
        Content(set).Should().Equal(("1", 1, 10), ("3", 1, 13));
    }

    [Fact]
    public async Task A_key_that_leaves_and_enters_in_one_change_stays()
    {
        StateSet set = await ChangedAsync(StateSet.Empty(Definition), Rows((1, 1, 10), (1, 2, 20)), null);
        set = await ChangedAsync(set, Rows((1, 1, 11)), Keys((1, 1), (1, 2)));

        Content(set).Should().Equal(("1", 1, 11));
        Content(await StateSet.Empty(Definition).SyncAsync(_storage, set.Files, default)).Should().Equal(("1", 1, 11));
    }

    [Fact]
    public async Task An_empty_change_writes_nothing()
    {
        StateSet set = await ChangedAsync(StateSet.Empty(Definition), Rows((1, 1, 10)), null);
        StateChange change = await set.PrepareAsync(_storage, _ids, Rows(), null, default);
        change.Files.Should().Equal(set.Files);
    }

    [Fact]
    public async Task Another_process_sees_the_same_set_whatever_was_merged_in_between()
    {
        StateSet mine = StateSet.Empty(Definition);
        StateSet theirs = StateSet.Empty(Definition);
        for (int i = 0; i < 60; i++)
        {
            mine = await ChangedAsync(mine, Rows((i % 7, i, i), (i % 5, 1, -i)), i > 10 ? Keys((i % 7, i - 7)) : null);
            if (i % 3 == 0)
            {
                theirs = await theirs.SyncAsync(_storage, mine.Files, default);
                Content(theirs).Should().Equal(Content(mine));
            }
        }
    }

    [Fact]
    public async Task Files_and_batches_stay_few_and_little_is_rewritten()
    {
        StateSet set = StateSet.Empty(Definition);
        const int changes = 300;
        const int rowsEach = 4;
        int mostFiles = 0;
        for (int i = 0; i < changes; i++)
        {
            set = await ChangedAsync(set, Rows([.. Enumerable.Range(0, rowsEach).Select(r => (i, r, i * r))]), null);
            mostFiles = Math.Max(mostFiles, Math.Max(set.Files.Count, set.Batches.Count));
        }

        double levels = Math.Log2(changes);
        mostFiles.Should().BeLessThan((int)(3 * levels));
        long written = await RowsWrittenAsync();
        written.Should().BeLessThan((long)(changes * rowsEach * levels));
        set.Count.Should().Be(changes * rowsEach);
    }

    [Fact]
    public async Task Records_that_are_replaced_again_and_again_do_not_pile_up_in_memory()
    {
        StateSet set = StateSet.Empty(Definition);
        (int, int, long)[] rows = [.. Enumerable.Range(0, 500).Select(i => (i, 0, 0L))];
        for (int i = 0; i < 100; i++)
        {
            set = await ChangedAsync(set, Rows([.. rows.Select(r => (r.Item1, r.Item2, (long)i))]), null);
        }

        set.Count.Should().Be(500);
        set.Batches.Sum(b => b.Length).Should().BeLessThan(500 + 4096 + 1000);
        Content(set).Should().OnlyContain(r => r.Value == 99);
    }

    [Fact]
    public async Task A_list_that_is_no_continuation_is_loaded_anew()
    {
        StateSet first = await ChangedAsync(StateSet.Empty(Definition), Rows((1, 1, 10)), null);
        StateSet second = await ChangedAsync(StateSet.Empty(Definition), Rows((2, 2, 20)), null);

        StateSet synced = await first.SyncAsync(_storage, second.Files, default);
        Content(synced).Should().Equal(("2", 2, 20));
    }

    [Fact]
    public async Task A_missing_or_foreign_file_is_an_error_that_names_it_and_the_set_stays()
    {
        StateSet set = await ChangedAsync(StateSet.Empty(Definition), Rows((1, 1, 10)), null);
        StateFile gone = new("_incremental/state/things-gone.parquet", 1);
        StateFile wrong = set.Files[0] with { Rows = 5 };
        foreach (StateFile file in (StateFile[])[gone, wrong])
        {
            Func<Task> load = () => set.SyncAsync(_storage, [set.Files[0], file], default);
            CorruptTableException error = (await load.Should().ThrowAsync<CorruptTableException>()).Which;
            error.ErrorCode.Should().Be(ErrorCodes.CorruptFile);
            error.Message.Should().Contain(file.Path);
        }

        Content(set).Should().Equal(("1", 1, 10));
    }

    private async Task<bool> RunAsync(List<List<(int Group, int Member, bool Remove)>> changes, int reopenEvery)
    {
        StateSet set = StateSet.Empty(Definition);
        SortedDictionary<(string, long), long> model = [];
        long value = 0;
        for (int i = 0; i < changes.Count; i++)
        {
            List<(int, int, long)> upserts = [];
            List<(int, int)> removals = [];
            foreach ((int group, int member, bool remove) in changes[i])
            {
                if (remove)
                {
                    removals.Add((group, member));
                }
                else
                {
                    upserts.Add((group, member, ++value));
                }
            }

            removals.ForEach(r => model.Remove((Text(r.Item1), r.Item2)));
            upserts.ForEach(u => model[(Text(u.Item1), u.Item2)] = u.Item3);
            set = await ChangedAsync(set, Rows([.. upserts]), Keys([.. removals]));
            if (reopenEvery > 0 && i % reopenEvery == 0)
            {
                set = await StateSet.Empty(Definition).SyncAsync(_storage, set.Files, default);
            }

            (string, long, long)[] expected = [.. model.Select(m => (m.Key.Item1, m.Key.Item2, m.Value))];
            Content(set).Should().Equal(expected);
            set.Count.Should().Be(expected.Length);
            for (int group = 0; group <= 4; group++)
            {
                set.Find(GroupKey(group)).Select(r => Cell(set, r, 1)).Should().Equal(expected.Where(e => e.Item1 == Text(group)).Select(e => e.Item2));
            }
        }

        return true;
    }

    private async Task<StateSet> ChangedAsync(StateSet set, RecordBatch upserts, RecordBatch? removals) =>
        set.Apply(await set.PrepareAsync(_storage, _ids, upserts, removals, default));

    private async Task<long> RowsWrittenAsync()
    {
        long rows = 0;
        await foreach (StoredFile file in _storage.ListAsync(FlowState.Directory))
        {
            rows += (await Delta.DataFiles.ParquetFiles.ReadAllAsync(_storage, file.Path, Definition.Schema, default)).Length;
        }

        return rows;
    }

    private static List<(string Group, long Member, long Value)> Content(StateSet set) =>
        [.. set.All.Select(r => (Group(set, r), Cell(set, r, 1), Cell(set, r, 2))).Order()];

    private static string Group(StateSet set, StateRecord record) =>
        ((StringArray)set.Batches[record.Row.Batch].Column(0)).GetString(record.Row.Row);

    private static long Cell(StateSet set, StateRecord record, int column) =>
        ((Int64Array)set.Batches[record.Row.Batch].Column(column)).GetValue(record.Row.Row)!.Value;

    private static byte[] GroupKey(int group) => StateSet.EncodeKeys(Definition, Rows((group, 0, 0)), 1)[0].ToArray();

    private static string Text(int group) => group.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static RecordBatch Rows(params (int Group, int Member, long Value)[] rows) => new(
        Definition.Schema,
        [.. KeyArrays([.. rows.Select(r => (r.Group, r.Member))]), Longs(rows.Select(r => r.Value)), NullArrays.Create(BinaryType.Default, rows.Length)],
        rows.Length);

    private static RecordBatch Keys(params (int Group, int Member)[] keys) => new(Definition.KeySchema, KeyArrays(keys), keys.Length);

    private static IArrowArray[] KeyArrays((int Group, int Member)[] keys)
    {
        StringArray.Builder groups = new();
        groups.AppendRange(keys.Select(k => Text(k.Group)));
        return [ManagedCopy.Copy(groups.Build()), Longs(keys.Select(k => (long)k.Member))];
    }

    private static IArrowArray Longs(IEnumerable<long> values)
    {
        Int64Array.Builder builder = new();
        builder.AppendRange(values);
        return ManagedCopy.Copy(builder.Build());
    }
}
