using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>
/// Something else commits just before a generated merge does: an append, a delete, a compaction, a new column. The table ends as if one had come after
/// the other, in either order; a merge that cannot run on what the other left fails as it would have then.
/// </summary>
public sealed class OtherWriterRaceTests
{
    private const int Cases = 80;

    [Theory]
    [InlineData("append", "Serializable")]
    [InlineData("append", "WriteSerializable")]
    [InlineData("delete", "Serializable")]
    [InlineData("delete", "WriteSerializable")]
    [InlineData("compaction", "WriteSerializable")]
    [InlineData("column", "WriteSerializable")]
    public async Task The_outcome_is_that_of_one_after_the_other(string other, string isolation)
    {
        int races = 0;
        for (int i = 0; i < Cases; i++)
        {
            int seed = (other.Length * 10_000) + i;
            MergeCase merge = new MergeGenerator(seed).Next();
            Func<DeltaTable, Task> write = Writer(other, seed);
            if (await RaceAsync(merge, write, isolation) is not { } raced)
            {
                continue;
            }

            races++;
            Outcome[] orders = [await InOrderAsync(merge, write, isolation, first: true), await InOrderAsync(merge, write, isolation, first: false)];

            // Only an append may count as coming later, and only where the level says so.
            Outcome[] lawful = other == "append" && isolation == "WriteSerializable" ? orders : orders[..1];
            lawful.Should().Contain(
                order => order.Error == raced.Error && order.Rows.SequenceEqual(raced.Rows, StringComparer.Ordinal),
                $"seed {seed} against {other} ended with '{raced.Error}' and\n{string.Join('\n', raced.Rows)}\n{merge.Script}");
        }

        races.Should().BeGreaterThan(Cases / 3);
    }

    private static Func<DeltaTable, Task> Writer(string other, int seed)
    {
        Random random = new(seed);
        RecordBatch rows = MergeRow.Batch(MergeCase.Columns, new MergeGenerator(seed + 5_000_000).Next().Source);
        Filter filter = random.Next(3) switch
        {
            0 => Filter.Column("id").EqualTo(random.NextInt64(12)),
            1 => Filter.Column("k").EqualTo(random.Next(2) == 0 ? "a" : "b"),
            _ => Filter.Column("n").GreaterThanOrEqualTo(random.NextInt64(6)),
        };
        return other switch
        {
            "append" => table => table.AppendAsync(rows),
            "delete" => table => table.DeleteAsync(filter),
            "compaction" => table => table.OptimizeAsync(),
            _ => table => table.AddColumnsAsync([new Field("more", Int64Type.Default, true)]),
        };
    }

    // Null when there was no race, because the merge had nothing to commit.
    private static async Task<Outcome?> RaceAsync(MergeCase merge, Func<DeltaTable, Task> write, string isolation)
    {
        InMemoryTableStorage inner = new();
        HookedStorage storage = new(inner);
        DeltaTable table = await CreateAsync(merge, storage, isolation);
        DeltaTable other = await DeltaTable.OpenAsync(inner);
        bool won = false;
        storage.BeforePutIfAbsent = async path =>
        {
            if (!won && path.StartsWith("_delta_log", StringComparison.Ordinal))
            {
                won = true;
                await write(other);
            }
        };
        Outcome outcome = await OutcomeAsync(merge, table);
        return won ? outcome : null;
    }

    private static async Task<Outcome> InOrderAsync(MergeCase merge, Func<DeltaTable, Task> write, string isolation, bool first)
    {
        DeltaTable table = await CreateAsync(merge, new InMemoryTableStorage(), isolation);
        if (first)
        {
            await write(table);
            return await OutcomeAsync(merge, table);
        }

        Outcome outcome = await OutcomeAsync(merge, table);
        await write(table);
        return outcome with { Rows = await MergeRow.AllAsync(table) };
    }

    private static async Task<DeltaTable> CreateAsync(MergeCase merge, ITableStorage storage, string isolation)
    {
        DeltaTable table = await merge.CreateAsync(storage);
        await table.SetPropertiesAsync(new Dictionary<string, string?> { ["delta.isolationLevel"] = isolation });
        return table;
    }

    private static async Task<Outcome> OutcomeAsync(MergeCase merge, DeltaTable table)
    {
        string? error = null;
        try
        {
            await merge.RunAsync(table);
        }
        catch (LakehouseException refused)
        {
            error = refused.ErrorCode;
        }

        return new Outcome(await MergeRow.AllAsync(table), error);
    }

    private sealed record Outcome(string[] Rows, string? Error);
}
