using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>
/// Two generated merges race for one version. The one that loses ends as if it had begun after the other one: what it does not look at again did not
/// matter to it.
/// </summary>
public sealed class MergeRaceTests
{
    private const int Cases = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_merge_that_loses_a_race_ends_as_if_it_had_come_later(int group)
    {
        int asDerived = 0;
        for (int i = 0; i < Cases; i++)
        {
            int seed = (group * 1_000_000) + i;
            MergeCase loser = new MergeGenerator(seed).Next();
            MergeCase winner = new MergeGenerator(seed + 500_000).Next();
            if (i % 2 == 0)
            {
                // Rows that only leave, from the one file there is: the merge may stand then, unless it saw them.
                loser = loser with { Target = [[.. loser.Target.SelectMany(static file => file)]], DeletionVectors = true, Partitioned = false };
                winner = winner with
                {
                    On = "target.id = source.id",
                    Clauses = [new MergeCaseClause("MATCHED", null, null)],
                    Source = [.. loser.Source.Skip(i % 3).Take(2)],
                };
            }

            string because = $"seed {seed}:\n{loser.Script}\nraced by\n{winner.Script}";
            if (await RaceAsync(loser, winner) is not { } raced)
            {
                continue;
            }

            (string[] Rows, string? Error) ordered = await OneAfterTheOtherAsync(loser, winner);

            raced.Error.Should().Be(ordered.Error, because);
            raced.Rows.Should().Equal(ordered.Rows, because);
            asDerived += raced.AsDerived ? 1 : 0;
        }

        asDerived.Should().BeGreaterThan(Cases / 20, "some merges do not depend on what the other one changed");
    }

    // Null when there was no race, because the loser had nothing to commit before the winner came.
    private static async Task<(string[] Rows, string? Error, bool AsDerived)?> RaceAsync(MergeCase loser, MergeCase winner)
    {
        InMemoryTableStorage inner = new();
        HookedStorage storage = new(inner);
        DeltaTable table = await loser.CreateAsync(storage);
        DeltaTable other = await DeltaTable.OpenAsync(inner);
        bool won = false;
        storage.BeforePutIfAbsent = async path =>
        {
            if (!won && path.StartsWith("_delta_log", StringComparison.Ordinal))
            {
                won = true;
                await TryAsync(winner, other);
            }
        };
        long before = table.CurrentSnapshot.Version;
        string? error = await TryAsync(loser, table);
        if (!won)
        {
            return null;
        }

        bool asDerived = other.CurrentSnapshot.Version > before && table.CurrentSnapshot.CommitInfo!.ReadVersion == before
            && table.CurrentSnapshot.Version > before + 1;
        return (await MergeRow.AllAsync(table), error, asDerived);
    }

    private static async Task<(string[] Rows, string? Error)> OneAfterTheOtherAsync(MergeCase loser, MergeCase winner)
    {
        DeltaTable table = await loser.CreateAsync();
        await TryAsync(winner, table);
        string? error = await TryAsync(loser, table);
        return (await MergeRow.AllAsync(table), error);
    }

    // The code of the error, or null.
    private static async Task<string?> TryAsync(MergeCase merge, DeltaTable table)
    {
        try
        {
            await merge.RunAsync(table);
            return null;
        }
        catch (InvalidRowsException error)
        {
            return error.ErrorCode;
        }
    }
}
