using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Tables;

/// <summary>Random operations against a table and against a list in memory; a failing script is printed with its seed.</summary>
public class TableModelTests
{
    private static readonly Gen<Step> Steps = Gen.OneOf(
        Gen.Select(Gen.Int[0, 30], static count => new Step("append", count)),
        Gen.Select(Gen.Int[0, 30], static count => new Step("append", count)),
        Gen.Select(Gen.Int[0, 8], static count => new Step("overwrite", count)),
        Gen.Select(Gen.Int[2, 7], static divisor => new Step("delete", divisor)),
        Gen.Select(Gen.Int[2, 7], static divisor => new Step("delete", divisor)),
        Gen.Const(new Step("repeat", 0)),
        Gen.Const(new Step("reopen", 0)));

    [Fact]
    public void A_table_in_memory_behaves_as_the_model() =>
        Steps.List[0, 14].Sample(static steps => RunAsync(new InMemoryTableStorage(), steps).GetAwaiter().GetResult(), iter: 60, print: Script);

    [Fact]
    public void A_table_in_a_folder_behaves_as_the_model() => Steps.List[0, 10].Sample(
        static steps =>
        {
            using TempFolder folder = new();
            RunAsync(new LocalTableStorage(folder.Path), steps).GetAwaiter().GetResult();
        },
        iter: 15,
        print: Script);

    private static string Script(List<Step> steps) => string.Join(", ", steps);

    private static async Task RunAsync(ITableStorage storage, List<Step> steps)
    {
        DeltaTableCreateOptions create = new()
        {
            ChangeDataFeed = true,
            Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "3" },
        };
        DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema, create);
        List<long[]> versions = [[]];
        long next = 0;
        long transaction = 0;
        foreach (Step step in steps)
        {
            long[] now = versions[^1];
            long[] fresh = step.Kind is "append" or "overwrite" ? [.. Enumerable.Range(0, step.Argument).Select(_ => next++)] : [];
            switch (step.Kind)
            {
                case "append":
                    AppendOptions once = new() { TxnAppId = "model", TxnVersion = ++transaction };
                    (await table.AppendAsync(Kit.Rows(fresh), once)).Version.Should().Be(versions.Count);
                    versions.Add([.. now, .. fresh]);
                    break;
                case "repeat" when transaction > 0:
                    AppendOptions again = new() { TxnAppId = "model", TxnVersion = transaction };
                    (await table.AppendAsync(Kit.Rows(-1), again)).AlreadyApplied.Should().BeTrue();
                    break;
                case "overwrite":
                    long? version = (await table.OverwriteAsync(Kit.Rows(fresh))).Version;
                    versions.AddRange(version is null ? [] : [fresh]);
                    break;
                case "delete":
                    bool deleted = await table.DeleteAsync(id => id % step.Argument == 1) is not null;
                    deleted.Should().Be(now.Any(id => id % step.Argument == 1));
                    versions.AddRange(deleted ? [[.. now.Where(id => id % step.Argument != 1)]] : []);
                    break;
                default:
                    table = await DeltaTable.OpenAsync(storage);
                    break;
            }

            (await table.IdsAsync()).Should().Equal(versions[^1].Order());
            table.CurrentSnapshot.RowCount.Should().Be(versions[^1].Length);
        }

        await CheckAllVersionsAsync(await DeltaTable.OpenAsync(storage), versions);
    }

    private static async Task CheckAllVersionsAsync(DeltaTable table, List<long[]> versions)
    {
        table.CurrentSnapshot.Version.Should().Be(versions.Count - 1);
        for (int version = 0; version < versions.Count; version++)
        {
            (await table.IdsAsync(version)).Should().Equal(versions[version].Order());
        }

        // The changes of all versions, folded one by one, make each version of the table.
        HashSet<long> folded = [];
        for (int version = 0; version < versions.Count; version++)
        {
            await foreach (RecordBatch batch in table.ReadChangesAsync(version, version))
            {
                foreach ((long id, string? change) in Kit.Longs(batch, "id").Zip(Kit.Texts(batch, "_change_type")))
                {
                    (change == "insert" ? folded.Add(id) : folded.Remove(id)).Should().BeTrue($"version {version} changes {id} once");
                }
            }

            folded.Order().Should().Equal(versions[version].Order());
        }

        List<RecordBatch> whole = await table.ReadChangesAsync(0, versions.Count - 1).ListAsync();
        whole.SelectMany(static batch => Kit.Texts(batch, "_change_type")).Sum(static change => change == "insert" ? 1 : -1)
            .Should().Be(versions[^1].Length);
    }

    private sealed record Step(string Kind, int Argument);
}
