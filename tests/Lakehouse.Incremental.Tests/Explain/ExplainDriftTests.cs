using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.RawMerge;
using Lakehouse.Incremental.Staging;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Tests.Explain;

/// <summary>Where the table is not what its events say, the explanation says so; where events are not staged, it says that.</summary>
public sealed class ExplainDriftTests
{
    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_row_that_another_writer_took_away_is_missing(ScdType scdType)
    {
        ExplainKit kit = await ExplainKit.OfAsync(scdType);
        await kit.MergeAsync("a 10 x");
        await kit.Silver.DeleteAsync(Filter.Column("id").EqualTo("a"));

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainedRow row = explanation.Rows.Single();
        (row.Status, row["status"].Text, explanation.HasDrift).Should().Be((RowStatus.Missing, "x", true));
        explanation.ToString().Should().Contain("MISSING current row");
    }

    [Fact]
    public async Task A_row_that_another_writer_changed_shows_both_values()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 x");
        await kit.Silver.Merge(Row("a 10 y")).On("id").WhenMatched().UpdateAll().ExecuteAsync();

        ExplainedRow row = (await kit.ExplainAsync("a")).Rows.Single();

        row.Status.Should().Be(RowStatus.Different);
        row["status"].Should().Be(new ExplainedCell("status", "y", CellOrigin.Set, 1, "x"));
        row["note"].Expected.Should().BeNull();
    }

    [Fact]
    public async Task Rows_that_no_event_makes_are_unexplained()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 x");
        await kit.Silver.AppendAsync(Row("ghost 1 x", "a 10 x"));

        ExplainedRow ghost = (await kit.ExplainAsync("ghost")).Rows.Single();
        KeyExplanation twice = await kit.ExplainAsync("a");

        (ghost.Status, ghost["id"].Origin).Should().Be((RowStatus.Unexplained, CellOrigin.Unknown));
        twice.Rows.Select(static r => r.Status).Should().Equal(RowStatus.AsExplained, RowStatus.Unexplained);
        twice.Rows[1].Rule.Should().Contain("(2.35");
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task Events_of_batches_without_staging_are_known_from_rows_and_state(ScdType scdType)
    {
        ExplainKit kit = await ExplainKit.OfAsync(scdType);
        await kit.Flow.ApplyAsync(Orders.Batch("a 10 x", "a 30 y", "b 10 -"), kit.Silver);
        await kit.MergeAsync("a 20 z", "a 30 y");

        KeyExplanation explanation = await kit.ExplainAsync("a");
        KeyExplanation deleted = await kit.ExplainAsync("b");

        explanation.HasDrift.Should().BeFalse();
        explanation.Events[^1].Knowledge.Should().Be(EventKnowledge.Staged, "it was staged, too");
        explanation.Notes.Should().Contain(static n => n.Contains("elsewhere"));
        ExplainKit.Events(deleted).Should().Equal("#1 10 Delete Remembered · v?");
        deleted.Events[0].Knowledge.Should().Be(EventKnowledge.State);
        if (scdType == ScdType.Type2)
        {
            explanation.Events[0].Knowledge.Should().Be(EventKnowledge.Row);
            explanation.Rows[0].Version.Should().BeNull("nobody knows which batch brought it");
        }
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task The_rows_of_an_adopted_table_stand_for_all_up_to_the_baseline(ScdType scdType)
    {
        ExplainKit kit = await ExplainKit.OverAsync(Orders.Flow(scdType).Build(), await AdoptableAsync(scdType, "a 10 x", "b 10 x"));
        await kit.Flow.AdoptAsync(kit.Silver, [10L]);
        await kit.MergeAsync(scdType == ScdType.Type1 ? ["a 5 old", "b 20 y"] : ["b 20 y"]);

        KeyExplanation adopted = await kit.ExplainAsync("a");
        KeyExplanation both = await kit.ExplainAsync("b");

        adopted.HasDrift.Should().BeFalse();
        adopted.Notes.Should().Contain(static n => n.Contains("baseline 10"));
        adopted.Events[^1].Knowledge.Should().Be(EventKnowledge.Row);
        adopted.Events[^1].Status.Should().Be(EventStatus.Shown);
        if (scdType == ScdType.Type1)
        {
            adopted.Events[0].Status.Should().Be(EventStatus.BelowBaseline);
        }

        both.HasDrift.Should().BeFalse();
        both.Events[^1].Status.Should().Be(EventStatus.Shown);
    }

    [Fact]
    public async Task Compaction_and_clean_up_leave_what_can_still_be_told()
    {
        ExplainKit kit = await ExplainKit.OfAsync(ScdType.Type2);
        await kit.MergeAsync("a 10 x");
        await kit.MergeAsync("a 20 y", "b 1 x");
        await kit.Staging.Table.OptimizeAsync();
        await kit.Silver.OptimizeAsync();

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal("#1 10 Upsert Shown · v1", "#2 20 Upsert Shown · v2");
        explanation.Events.Select(static e => e.Staged!.Version).Should().Equal(1, 2);
        explanation.HasDrift.Should().BeFalse();
    }

    [Fact]
    public async Task What_the_log_no_longer_tells_is_unknown_and_said_so()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 x");
        await kit.MergeAsync("b 10 x");
        foreach (DeltaTable table in new[] { kit.Silver, kit.Staging.Table })
        {
            await table.CheckpointAsync();
            for (int version = 0; version < 2; version++)
            {
                await table.Storage.DeleteAsync($"_delta_log/{version:D20}.json");
            }
        }

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal("#1 10 Upsert Shown · v?");
        (explanation.Events[0].Staged!.Version, explanation.Rows.Single().Version, explanation.HasDrift).Should().Be((null, null, false));
        explanation.Notes.Should().Contain(static n => n.Contains("log begins with version 2")).And.Contain(static n => n.Contains("staging table"));
        ExplainKit.Events(await kit.ExplainAsync("b")).Should().Equal("#1 10 Upsert Shown · v2");
    }

    [Fact]
    public async Task Only_files_that_may_hold_the_key_are_read()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.StageAsync("a 10 x");
        await kit.StageAsync("z 10 x");
        await kit.Flow.ApplyAsync(kit.Staging, kit.Silver);
        StagingTable staging = await StagingTable.CreateOrOpenAsync(kit.Staging.Table.Storage, Orders.Events);
        string other = staging.Table.CurrentSnapshot.Files.Single(static f => f.Stats!.Contains("\"z\"")).Path;
        await kit.Staging.Table.Storage.DeleteAsync(other);

        KeyExplanation explanation = await kit.Flow.ExplainAsync(staging, kit.Silver, ["a"]);

        explanation.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task A_table_that_another_configuration_built_is_refused()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 x");
        MergeFlow other = Orders.Flow().DeleteWinsTies().Build();

        Func<Task> explain = () => other.ExplainAsync(kit.Staging, kit.Silver, ["a"]);
        Func<Task> wrong = () => kit.ExplainAsync("a", "b");

        await explain.Should().ThrowAsync<ConfigurationDriftException>();
        (await wrong.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
    }

    /// <summary>A table that no flow keeps any more.</summary>
    private static async Task<DeltaTable> AdoptableAsync(ScdType scdType, params string[] events)
    {
        MergeFlow former = MergeFlow.Named("former").Keys("id").SequenceBy("seq").ExceptColumns("op").StoredAs(scdType).Build();
        ExplainKit kit = await ExplainKit.OfAsync(former, Orders.Events);
        await kit.MergeAsync(events);
        await kit.Silver.CommitAsync(
            static (_, _) => Task.FromResult<Delta.Transactions.CommitPlan?>(new Delta.Transactions.CommitPlan
            {
                Actions = [new Delta.Actions.DomainMetadata(FlowState.Domain, "", Removed: true)],
                Info = new Delta.Actions.CommitInfo { Operation = "TEST" },
            }),
            CancellationToken.None);
        return kit.Silver;
    }

    private static Apache.Arrow.RecordBatch Row(params string[] rows)
    {
        Apache.Arrow.RecordBatch batch = Orders.Batch(rows);
        return new Apache.Arrow.RecordBatch(new Apache.Arrow.Schema(batch.Schema.FieldsList.SkipLast(1), null), batch.Arrays.SkipLast(1), batch.Length);
    }
}
