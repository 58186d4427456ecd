using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Tests.Explain;

/// <summary>Random histories in which keys become others, the horizon advances and tables are adopted: each explained row is the table's row.</summary>
public sealed class ExplainRandomTests
{
    private static readonly string[] s_keys = ["a", "b", "c"];

    private static readonly Schema s_events = new([.. Orders.Events.FieldsList, new Field("was", StringType.Default, true)], null);

    private static readonly Gen<Change> s_change = Gen.Select(Gen.Int[0, 2], Gen.Int[1, 8], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 5], Gen.Int[-3, 2])
        .Select(static (key, seq, status, note, op, was) => new Change(s_keys[key], seq, Word(status), Word(note), op == 0 ? "d" : "u", was < 0 ? null : s_keys[was]));

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public void With_keys_that_become_others(ScdType scdType) => Check(
        scdType, static (flow, scdType) => scdType == ScdType.Type2 ? flow.IgnoreNullUpdates("status", "note") : flow, advances: false, changesKeys: true);

    [Theory]
    [InlineData(ScdType.Type1, DeleteMode.Hard)]
    [InlineData(ScdType.Type1, DeleteMode.Soft)]
    [InlineData(ScdType.Type2, DeleteMode.Hard)]
    [InlineData(ScdType.Type2, DeleteMode.Soft)]
    public void With_a_horizon_that_advances(ScdType scdType, DeleteMode mode) =>
        Check(scdType, (flow, _) => flow.DeleteMode(mode).IgnoreNullUpdates("note"), advances: true, changesKeys: false);

    private static void Check(ScdType scdType, Func<MergeFlowBuilder, ScdType, MergeFlowBuilder> rules, bool advances, bool changesKeys) =>
        Gen.Select(s_change.Array[1, 5].Array[1, 4], Gen.Int[0, 8]).Sample(
            (batches, horizon) => CheckAsync(scdType, rules, changesKeys, batches, advances ? horizon : 0).GetAwaiter().GetResult(),
            iter: 60, threads: 1, print: static c => string.Join("\n", c.Item1.Select(static b => string.Join("; ", b.AsEnumerable()))) + "\nhorizon " + c.Item2);

    private static async Task CheckAsync(ScdType scdType, Func<MergeFlowBuilder, ScdType, MergeFlowBuilder> rules, bool changesKeys, Change[][] batches, int horizon)
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(new InMemoryTableStorage(), s_events);
        MergeFlowBuilder plain = MergeFlow.Named("orders").Keys("id").SequenceBy("seq").ApplyAsDeleteWhen(static change => change["op"].EqualTo("d"))
            .ExceptColumns(changesKeys ? ["op"] : ["op", "was"]).StoredAs(scdType).QuarantineTo(quarantine);
        MergeFlow flow = rules(changesKeys ? plain.PreviousKeys("was") : plain, scdType).Build();
        ExplainKit kit = await ExplainKit.OfAsync(flow, s_events);
        for (int batch = 0; batch < batches.Length; batch++)
        {
            await kit.MergeAsync(ToBatch(batches[batch]));
            if (horizon > 0 && batch == 0)
            {
                await flow.AdvanceHorizonAsync(kit.Silver, [(long)horizon]);
            }
        }

        List<string> explained = [];
        foreach (string key in s_keys)
        {
            KeyExplanation explanation = await kit.ExplainAsync(key);
            explanation.HasDrift.Should().BeFalse(explanation.ToString());
            explained.AddRange(explanation.Rows.Select(static row => string.Join("|", row.Cells.Select(static c => c.Text))));
        }

        explained.Should().BeEquivalentTo(await RowsAsync(kit.Silver));
    }

    private static async Task<List<string>> RowsAsync(DeltaTable table)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => string.Join("|", batch.Arrays.Select(column => CellText.Format(column, row)))));
        }

        return rows;
    }

    private static RecordBatch ToBatch(Change[] changes)
    {
        Int64Array.Builder seq = new();
        seq.AppendRange(changes.Select(static c => (long)c.Seq));
        return new RecordBatch(
            s_events,
            [
                Texts(changes, static c => c.Id), seq.Build(), Texts(changes, static c => c.Status), Texts(changes, static c => c.Note), Texts(changes, static c => c.Op),
                Texts(changes, static c => c.Op == "d" ? null : c.Was),
            ],
            changes.Length);
    }

    private static StringArray Texts(Change[] changes, Func<Change, string?> text)
    {
        StringArray.Builder builder = new();
        foreach (Change change in changes)
        {
            _ = text(change) is { } value ? builder.Append(value) : builder.AppendNull();
        }

        return builder.Build();
    }

    private static string? Word(int number) => number == 0 ? null : number == 1 ? "x" : "y";

    private sealed record Change(string Id, int Seq, string? Status, string? Note, string Op, string? Was);
}
