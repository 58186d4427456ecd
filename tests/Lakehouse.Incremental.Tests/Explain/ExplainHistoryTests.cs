using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Tests.Explain;

/// <summary>Each row of a history is explained by its events, the rule and the batch.</summary>
public sealed class ExplainHistoryTests
{
    [Fact]
    public async Task Each_period_names_the_events_it_begins_and_ends_with_and_those_it_hides()
    {
        ExplainKit kit = await ExplainKit.OfAsync(ScdType.Type2);
        await kit.MergeAsync("a 5 x", "a 10 x", "a 15 x", "a 20 y");
        await kit.MergeAsync("a 12 z");
        await kit.MergeAsync("a 30 -", "a 40 -");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal(
            "#1 5 Upsert Hidden by #2 · v1", "#2 10 Upsert Shown · v1", "#3 12 Upsert Shown · v2", "#4 15 Upsert Shown · v1", "#5 20 Upsert Shown · v1",
            "#6 30 Delete Ended by #5 · v3", "#7 40 Delete Remembered · v3");
        ExplainKit.Rows(explanation, "id", "note").Should().Equal(
            "AsExplained #1,#2,#3 v2: seq=10(Set #2) status=x(Set #2) __start_at=5(Flow #1) __end_at=12(Flow #3) __is_current=false(Flow #3)",
            "AsExplained #3,#4 v2: seq=12(Set #3) status=z(Set #3) __start_at=12(Flow #3) __end_at=15(Flow #4) __is_current=false(Flow #4)",
            "AsExplained #4,#5 v1: seq=15(Set #4) status=x(Set #4) __start_at=15(Flow #4) __end_at=20(Flow #5) __is_current=false(Flow #5)",
            "AsExplained #5,#6 v3: seq=20(Set #5) status=y(Set #5) __start_at=20(Flow #5) __end_at=30(Flow #6) __is_current=false(Flow #6)");
        explanation.Rows.Should().AllSatisfy(static r => r.Rule.Should().Contain("(2.14)"));
        (explanation.Rows[0].Start, explanation.Rows[0].End).Should().Be((1, 3));
    }

    [Fact]
    public async Task A_soft_delete_is_a_marked_row_with_the_last_known_values()
    {
        ExplainKit kit = await ExplainKit.OfAsync(Orders.Flow(ScdType.Type2).DeleteMode(DeleteMode.Soft).Build(), Orders.Events);
        await kit.MergeAsync("a 10 x", "a 20 -");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal("#1 10 Upsert Shown · v1", "#2 20 Delete Ended by #1 · v1");
        explanation.Rows.Should().HaveCount(2);
        explanation.Rows[1].Rule.Should().Contain("(2.18)");
        explanation.Rows[1]["__is_deleted"].Should().Be(new ExplainedCell("__is_deleted", "true", CellOrigin.Flow, 2, null));
        explanation.Rows[1]["status"].Should().Be(new ExplainedCell("status", "x", CellOrigin.Set, 1, null));
        explanation.HasDrift.Should().BeFalse();
    }

    [Fact]
    public async Task A_correction_at_one_effective_time_supersedes()
    {
        MergeFlow flow = MergeFlow.Named("f").Keys("id").EffectiveAt("seq").SequenceBy("note").ExceptColumns("op").StoredAs(ScdType.Type2).Build();
        ExplainKit kit = await ExplainKit.OfAsync(flow, Orders.Events);
        await kit.MergeAsync("a 10 x 1", "a 10 y 2", "a 20 z 1");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal("#1 (10, 1) Upsert Overtaken by #2 · v1", "#2 (10, 2) Upsert Shown · v1", "#3 (20, 1) Upsert Shown · v1");
        explanation.Events[0].Rule.Should().Contain("(2.15)");
    }

    [Fact]
    public async Task Untracked_columns_of_all_versions_show_the_latest()
    {
        MergeFlow flow = Orders.Flow(ScdType.Type2).TrackHistoryOn("status").UntrackedScope(UntrackedScope.AllVersions).Build();
        ExplainKit kit = await ExplainKit.OfAsync(flow, Orders.Events);
        await kit.MergeAsync("a 10 x first", "a 20 y last");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        explanation.Rows[0]["note"].Should().Be(new ExplainedCell("note", "last", CellOrigin.LatestVersion, 2, null));
        explanation.Rows[0].Events.Should().Equal(1, 2);
        explanation.HasDrift.Should().BeFalse();
    }

    [Fact]
    public async Task A_truncate_ends_the_rows_of_every_key()
    {
        MergeFlow flow = Orders.Flow(ScdType.Type2).ApplyAsTruncateWhen(c => c["status"].EqualTo("TRUNCATE")).Build();
        ExplainKit kit = await ExplainKit.OfAsync(flow, Orders.Events);
        await kit.MergeAsync("a 10 x", "b 10 x", "a 30 y");
        await kit.MergeAsync("_ 20 TRUNCATE", "_ 20 TRUNCATE");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal(
            "#1 10 Upsert Shown · v1", "#2 20 Truncate Ended by #1 · v2", "#3 20 Truncate Duplicate by #2 · v2", "#4 30 Upsert Shown · v1");
        explanation.Rows.Select(static r => r.Version).Should().Equal(2, 1);
        (await kit.ExplainAsync("unknown")).IsKnown.Should().BeFalse("a truncate alone makes no key");
    }

    [Fact]
    public async Task Events_below_the_horizon_and_events_that_break_a_rule_are_shown_with_the_reason()
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        ExplainKit kit = await ExplainKit.OfAsync(Orders.Flow(ScdType.Type2).QuarantineTo(quarantine).Build(), Orders.Events);
        await kit.MergeAsync("a 10 x", "a 20 x", "a 30 x", "a _ bad");
        await kit.Flow.AdvanceHorizonAsync(kit.Silver, [25L]);
        await kit.MergeAsync("a 15 late", "a 40 y");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal(
            "#1 10 Upsert Hidden by #4 · v1", "#2 15 Upsert TooLate · v3", "#3 20 Upsert Hidden by #4 · v1", "#4 30 Upsert Shown · v1", "#5 40 Upsert Shown · v3", "#6 null ? Refused · v?");
        explanation.Events[^1].Rule.Should().StartWith("NULL_SEQUENCE in column seq");
        explanation.Notes.Should().ContainSingle().Which.Should().Contain("horizon stands at 25").And.Contain("(2.4)");
        explanation.HasDrift.Should().BeFalse("what the state has forgotten is still staged");
    }

    [Fact]
    public async Task A_changed_key_takes_from_the_former_one_what_its_event_does_not_tell()
    {
        MergeFlow flow = MergeFlow.Named("f").Keys("id").SequenceBy("seq").PreviousKeys("op").IgnoreNullUpdates().StoredAs(ScdType.Type2).Build();
        ExplainKit kit = await ExplainKit.OfAsync(flow, Orders.Events);
        await kit.MergeAsync(Events("old 10 x note _", "other 10 z n _"));
        await kit.MergeAsync(Events("new 20 y _ old"));

        KeyExplanation explanation = await kit.ExplainAsync("new");
        KeyExplanation former = await kit.ExplainAsync("old");

        ExplainKit.Events(explanation).Should().Equal("#1 20 Upsert Shown · v2", "#2 10 Upsert Shown · v1");
        explanation.Events[1].Key.Should().Be("old");
        explanation.Rows.Single()["note"].Should().Be(new ExplainedCell("note", "note", CellOrigin.FormerKey, 2, null));
        explanation.Rows.Single()["status"].Should().Be(new ExplainedCell("status", "y", CellOrigin.Set, 1, null));
        explanation.HasDrift.Should().BeFalse();
        ExplainKit.Events(former).Should().Equal("#1 10 Upsert Shown · v1", "#2 20 Delete Ended by #1 · v2");
        former.HasDrift.Should().BeFalse();

        static Apache.Arrow.RecordBatch Events(params string[] events)
        {
            Apache.Arrow.RecordBatch plain = Orders.Batch([.. events.Select(static e => string.Join(' ', e.Split(' ')[..4]))]);
            Apache.Arrow.StringArray.Builder previous = new();
            foreach (string word in events.Select(static e => e.Split(' ')[4]))
            {
                _ = word == "_" ? previous.AppendNull() : previous.Append(word);
            }

            return new Apache.Arrow.RecordBatch(plain.Schema, [.. plain.Arrays.Take(4), previous.Build()], plain.Length);
        }
    }
}
