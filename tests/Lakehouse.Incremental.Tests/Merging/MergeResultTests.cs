using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>What a merge says of itself.</summary>
public sealed class MergeResultTests
{
    private readonly InMemoryTableStorage _silver = new();

    [Fact]
    public async Task Ties_and_late_events_are_sampled_by_key_and_order_however_the_batch_is_arranged()
    {
        string[] events = [.. "ihgfedcba".SelectMany(static k => new[] { $"{k} 20 x", $"{k} 20 y", $"{k} 5 old" })];

        MergeResult forward = await MergedAsync(events);
        MergeResult backward = await MergedAsync([.. events.Reverse()]);

        (forward.Ties, forward.ArrivedLate, forward.Late).Should().Be((9, 9, 9));
        forward.TieSamples.Should().Equal("abcde".Select(static k => new EventSample($"{k}", "20")));
        forward.LateSamples.Should().Equal("abcde".Select(static k => new EventSample($"{k}", "5")));
        backward.TieSamples.Should().Equal(forward.TieSamples);
        backward.LateSamples.Should().Equal(forward.LateSamples);

        async Task<MergeResult> MergedAsync(string[] batch)
        {
            MergeFlow flow = Orders.Flow().Build();
            DeltaTable table = await Orders.TableAsync(flow, new InMemoryTableStorage());
            await flow.ApplyAsync(Orders.Batch([.. "abcdefghi".Select(static k => $"{k} 10 open")]), table);
            return await flow.ApplyAsync(Orders.Batch(batch), table);
        }
    }

    [Fact]
    public async Task A_late_event_of_a_history_arrives_late_and_has_effect()
    {
        MergeFlow flow = Orders.Flow(ScdType.Type2).Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await flow.ApplyAsync(Orders.Batch("a 10 open", "a 30 paid"), table);

        MergeResult result = await flow.ApplyAsync(Orders.Batch("a 20 packed", "b 1 open", "a 10 open"), table);

        (result.Applied, result.Late, result.ArrivedLate, result.Duplicates).Should().Be((2, 0, 1, 1), "what came again is no late event");
        result.LateSamples.Should().Equal(new EventSample("a", "20"));
    }

    [Fact]
    public async Task Periods_that_end_and_rows_that_are_marked_are_counted()
    {
        MergeFlow flow = Orders.Flow(ScdType.Type2).DeleteMode(DeleteMode.Soft).Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await flow.ApplyAsync(Orders.Batch("a 10 open", "b 10 open", "c 10 open"), table);

        MergeResult result = await flow.ApplyAsync(Orders.Batch("a 20 paid", "b 20 -", "c 10 open"), table);

        (result.Closed, result.Marked, result.Inserted, result.Updated, result.KeysUnchanged).Should().Be((2, 1, 2, 2, 1));
        (result.TombstonesWritten, result.Deleted).Should().Be((1, 0));
    }

    [Fact]
    public async Task A_delete_of_an_unknown_key_leaves_a_tombstone_and_no_row()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);

        MergeResult result = await flow.ApplyAsync(Orders.Batch("a 10 -", "b 10 open"), table);

        (result.TombstonesWritten, result.DeletesUnmatched, result.KeysUnchanged, result.Inserted).Should().Be((1, 1, 1, 1));
    }

    [Fact]
    public async Task Events_set_apart_are_counted_by_reason()
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        MergeFlow flow = Orders.Flow(ScdType.Type2).QuarantineTo(quarantine).Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await flow.ApplyAsync(Orders.Batch("a 10 open"), table);
        await flow.AdvanceHorizonAsync(table, [8L]);

        MergeResult result = await flow.ApplyAsync(Orders.Batch("_ 1 x", "_ 2 x", "a _ x", "a 5 old", "a 20 paid"), table);

        result.QuarantinedByReason.Should().BeEquivalentTo(new Dictionary<string, long> { [ErrorCodes.NullKey] = 2, [ErrorCodes.NullSequence] = 1 });
        (result.RowsIn, result.Valid, result.Quarantined, result.TooLate, result.Applied).Should().Be((5, 2, 3, 1, 1));
        result.ToString().Should().Contain("3 quarantined, 1 too late");
        (await flow.ApplyAsync(Orders.Batch("a 5 old"), table)).AlreadyApplied.Should().BeFalse("it was never applied");
    }

    [Fact]
    public async Task The_counts_of_several_commits_add_up()
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        MergeFlow flow = Orders.Flow().QuarantineTo(quarantine).MaxRowsPerCommit(1).Build();
        StagingTable staging = await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        for (int batch = 0; batch < 4; batch++)
        {
            await staging.AppendAsync(Orders.Batch("_ 1 x", $"k{batch} 2 x", $"k{batch} 2 y", "a _ x"), new SourcePosition("s", 0, batch));
        }

        MergeResult result = await flow.ApplyAsync(staging, table);

        (result.Commits, result.RowsIn, result.Ties, result.Inserted).Should().Be((4, 16, 4, 4));
        result.QuarantinedByReason.Should().BeEquivalentTo(new Dictionary<string, long> { [ErrorCodes.NullKey] = 4, [ErrorCodes.NullSequence] = 4 });
        result.TieSamples.Select(static s => s.Key).Should().Equal("k0", "k1", "k2", "k3");
    }

    [Fact]
    public async Task The_steps_make_up_the_whole_time()
    {
        DeltaTableOptions options = new() { TimeProvider = new TickingTime() };
        MergeFlow flow = Orders.Flow().Build();
        StagingTable staging = await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        DeltaTable table = await DeltaTable.CreateAsync(_silver, flow.TargetSchema(Orders.Events), null, options);
        await staging.AppendAsync(Orders.Batch("a 1 open"), new SourcePosition("s", 0, 0));

        MergeResult result = await flow.ApplyAsync(staging, table);

        MergeDurations d = result.Durations;
        TimeSpan sum = new[] { d.Read, d.Sync, d.Normalize, d.Locate, d.Fetch, d.Resolve, d.SetApart, d.Write, d.Commit, d.Maintain }.Aggregate((a, b) => a + b);
        result.Duration.Should().BePositive();
        (result.Duration - sum).Should().BeLessThanOrEqualTo(TimeSpan.FromMilliseconds(1), "but for the last look at the clock");
        d.Read.Should().BePositive();
        d.ToString().Should().StartWith("read ").And.Contain("resolve 1 ms").And.NotContain("\n");
    }

    [Fact]
    public async Task Files_and_bytes_are_counted_as_they_come_and_go()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver, deletionVectors: false, changeDataFeed: false);
        MergeResult first = await flow.ApplyAsync(Orders.Batch("a 1 open"), table);

        MergeResult second = await flow.ApplyAsync(Orders.Batch("a 2 paid"), table);

        (first.FilesAdded, first.FilesRemoved, first.BytesRemoved).Should().Be((1, 0, 0));
        (second.FilesAdded, second.FilesRemoved, second.BytesRemoved).Should().Be((1, 1, first.BytesWritten));
    }

    [Fact]
    public async Task A_lost_race_is_counted()
    {
        Delta.Tests.Tables.HookedStorage storage = new(_silver);
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, storage);
        DeltaTable other = await DeltaTable.OpenAsync(_silver);
        storage.BeforePutIfAbsent = async path =>
        {
            storage.BeforePutIfAbsent = static _ => Task.CompletedTask;
            await Orders.Flow().Build().ApplyAsync(Orders.Batch("b 1 open"), other);
        };

        MergeResult result = await flow.ApplyAsync(Orders.Batch("a 1 open"), table);

        (result.LostRaces, result.Version, result.Commits).Should().Be((1, 2, 1));
    }

    [Fact]
    public async Task The_line_is_the_same_in_every_culture_and_keys_of_all_types_are_sampled()
    {
        Schema schema = new(
            [
                new Field("region", StringType.Default, true), new Field("price", new Decimal128Type(12, 2), true),
                new Field("at", new TimestampType(TimeUnit.Microsecond, "UTC"), true), new Field("part", Int32Type.Default, true), new Field("v", Int64Type.Default, true),
            ],
            null);
        MergeFlow flow = MergeFlow.Named("f").Keys("region", "price").SequenceBy("at", "part").NullSafeKeys().Build();
        DeltaTable table = await DeltaTable.CreateAsync(_silver, flow.TargetSchema(schema));
        RecordBatch tied = new(
            schema,
            [
                new StringArray.Builder().AppendNull().AppendNull().Build(), ConstantArray.Create(new Decimal128Type(12, 2), (Int128)1050, 2),
                ConstantArray.Create(new TimestampType(TimeUnit.Microsecond, "UTC"), 1_500_000L, 2), ConstantArray.Create(Int32Type.Default, 7, 2),
                new Int64Array.Builder().Append(1).AppendNull().Build(),
            ],
            2);
        CultureInfo former = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberGroupSeparator = ".", NumberDecimalSeparator = "," } };
        try
        {
            MergeResult result = await flow.ApplyAsync(tied, table);

            result.TieSamples.Should().Equal(new EventSample("(null, 10.50)", "(1970-01-01T00:00:01.5Z, 7)"));
            (result with { RowsIn = 1234, Duration = TimeSpan.FromSeconds(2) }).ToString().Should()
                .Be("1,234 in: 0 updated, 1 inserted, 0 deleted, 0 late, 0 duplicate · version 1 · 2,000 ms");
        }
        finally
        {
            CultureInfo.CurrentCulture = former;
        }
    }

    [Fact]
    public async Task The_audit_of_the_commit_names_the_ties()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await flow.ApplyAsync(Orders.Batch("a 1 x", "a 1 y"), table);

        JsonNode audit = JsonNode.Parse(table.CurrentSnapshot.CommitInfo!.UserMetadata!)!;

        audit["tieSamples"]!.ToJsonString().Should().Be("""[{"key":"a","order":"1"}]""");
        ((long)audit["tooLate"]!, (long)audit["arrivedLate"]!).Should().Be((0, 0));
    }
}
