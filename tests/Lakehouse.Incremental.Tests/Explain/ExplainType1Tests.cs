using Lakehouse.Incremental.Explain;

namespace Lakehouse.Incremental.Tests.Explain;

/// <summary>The present row of a key is explained by its events, the rule and the batch.</summary>
public sealed class ExplainType1Tests
{
    [Fact]
    public async Task The_greatest_event_is_shown_and_the_others_say_what_became_of_them()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 open", "b 10 open", "a 10 open");
        await kit.MergeAsync("a 30 paid note", "a 5 old");
        await kit.MergeAsync("a 30 paid note", "c 1 x");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal(
            "#1 5 Upsert Overtaken by #4 · v2",
            "#2 10 Upsert Overtaken by #4 · v1",
            "#3 10 Upsert Duplicate by #2 · v1",
            "#4 30 Upsert Shown · v2",
            "#5 30 Upsert Duplicate by #4 · v3");
        ExplainKit.Rows(explanation).Should().Equal("AsExplained #4 v2: id=a(Set #4) seq=30(Set #4) status=paid(Set #4) note=note(Set #4)");
        explanation.Rows[0].Rule.Should().Be("the greatest by ORDER decides (2.3)");
        explanation.Rows[0].Batch.Should().Be("versions 2..2");
        (explanation.IsKnown, explanation.HasDrift, explanation.MergedVersion, explanation.TargetVersion).Should().Be((true, false, 3, 3));
        explanation.Events[3].Cells.Should().Equal(new SetCell("status", "paid"), new SetCell("note", "note"));
        explanation.Events[0].Cells.Should().Equal(new SetCell("status", "old"), new SetCell("note", "null"));
        StagedPlace place = explanation.Events[0].Staged!;
        (place.Version, place.Row, place.Position!.Source, place.Position.Partition, place.Position.Offset).Should().Be((2, 1, "shop", 3, 1));
        place.IngestedAt.Should().NotBeNull();
    }

    [Fact]
    public async Task A_deleted_key_has_no_row_and_its_delete_says_why()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 open", "a 20 -");
        await kit.MergeAsync("a 15 packed", "a 5 -");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal(
            "#1 5 Delete Remembered · v2", "#2 10 Upsert Deleted by #4 · v1", "#3 15 Upsert Deleted by #4 · v2", "#4 20 Delete Ended by #3 · v1");
        explanation.Rows.Should().BeEmpty();
        explanation.Events[3].Cells.Should().BeEmpty();
        explanation.HasDrift.Should().BeFalse();
    }

    [Fact]
    public async Task A_tie_is_explained_by_rank_and_digest()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 x", "a 10 y", "a 10 -");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        explanation.Events.Select(static e => e.Status).Should().Equal(EventStatus.Remembered, EventStatus.Overtaken, EventStatus.Shown);
        explanation.Events[1].Rule.Should().Contain("(2.0)");
        explanation.Rows.Single().Rule.Should().Contain("(2.3)").And.Contain("(2.0)");
    }

    [Fact]
    public async Task Events_that_are_staged_and_not_merged_are_pending()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 open");
        await kit.StageAsync("a 20 paid");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal("#1 10 Upsert Shown · v1", "#2 20 Upsert Pending · v?");
        explanation.Events[1].Staged!.Version.Should().Be(2);
        explanation.HasDrift.Should().BeFalse();
    }

    [Fact]
    public async Task An_unknown_key_says_so_and_is_no_error()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 open");

        KeyExplanation explanation = await kit.ExplainAsync("zzz");

        (explanation.IsKnown, explanation.HasDrift, explanation.Events.Count, explanation.Rows.Count).Should().Be((false, false, 0, 0));
        explanation.ToString().Should().Contain("neither the staging table nor the target knows this key");
    }

    [Fact]
    public async Task Nothing_merged_and_nothing_staged_is_no_error()
    {
        ExplainKit kit = await ExplainKit.OfAsync();

        KeyExplanation explanation = await kit.ExplainAsync("a");

        (explanation.IsKnown, explanation.MergedVersion).Should().Be((false, -1));
        explanation.Notes.Should().ContainSingle().Which.Should().Contain("nothing");
    }

    [Fact]
    public async Task The_text_tells_events_rows_and_rules_in_lines()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 open", $"a 20 {new string('x', 100)}");

        string text = (await kit.ExplainAsync("a")).ToString();

        text.Split('\n').Should().HaveCountGreaterThan(8);
        text.Should().StartWith("key a of flow 'orders' in ")
            .And.Contain("  #1 at 10 Upsert status=open, note=null\n      overtaken by #2: the greatest by ORDER decides (2.3)\n      staged version 1, row 0, shop/3@0; merged in version 1 (versions 0..1)")
            .And.Contain("  current row by #2; version 1 (versions 0..1)\n")
            .And.Contain($"status = {new string('x', 60)}… (set by #2)").And.NotContain("\r");
    }
}
