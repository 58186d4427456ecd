using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.TestHost;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>
/// What must be true of a table after many workers wrote to it at once: each version is what its operation makes of the version before, and all
/// that was acknowledged is there, once.
/// </summary>
internal sealed class MixedLoad
{
    private const int RowsOfFile = 100;

    private readonly Dictionary<(int Worker, long Step), (long Version, long Rows)> _acknowledged = [];

    public static async Task<DeltaTable> CreateAsync(ITableStorage storage, string level)
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            storage,
            MixedWorker.Schema,
            new() { ChangeDataFeed = true, Properties = new Dictionary<string, string> { [IsolationLevels.Key] = level } });
        for (long first = 0; first < MixedOperation.Shared; first += RowsOfFile)
        {
            await table.AppendAsync(MixedWorker.Rows([.. First(first)]));
        }

        return table;
    }

    /// <summary>Takes down what a worker said.</summary>
    public void Note(int worker, string line)
    {
        long[] numbers = [.. line.Split(' ').Select(long.Parse)];
        lock (_acknowledged)
        {
            // A compaction leaves no transaction behind, so a worker that was killed after one makes it again.
            bool isNew = _acknowledged.TryAdd((worker, numbers[0]), (numbers[1], numbers[2]));
            bool repeats = new MixedOperation(worker, numbers[0]).Kind == MixedKind.Compact;
            (isNew || repeats).Should().BeTrue($"step {numbers[0]} of {worker} happens once");
        }
    }

    /// <param name="storage">The table.</param>
    /// <param name="steps">How many steps each worker made.</param>
    /// <param name="workers">How many workers there were.</param>
    public async Task CheckAsync(ITableStorage storage, int workers, long steps)
    {
        DeltaTable table = await DeltaTable.OpenAsync(storage);
        LogSegment segment = (await table.Log.ListAsync(null, default))!;
        Dictionary<(int Worker, long Step), (long Version, long Rows)> versions = [];
        List<long> model = [];
        for (long version = 0; version <= segment.Version; version++)
        {
            // A version that is missing ends the test here.
            IReadOnlyList<DeltaAction> actions = await table.Log.ReadCommitAsync(version, default);
            List<long> before = [.. model];
            if (actions.OfType<SetTransaction>().SingleOrDefault() is { } transaction)
            {
                MixedOperation operation = new(int.Parse(transaction.AppId.Split(' ')[1]), transaction.Version);
                versions.Add((operation.Worker, operation.Step), (version, Apply(operation, model, actions)));
            }
            else if (version is > 0 and <= 4)
            {
                model.AddRange(First((version - 1) * RowsOfFile));
            }

            await CheckChangesAsync(table, version, before, model);
        }

        CheckAcknowledged(versions, workers, steps);
        (await table.IdsAsync()).Should().Equal(model.Order());
        await CheckFilesAsync(table, model.Count);
    }

    private static IEnumerable<long> First(long from) => Enumerable.Range((int)from, RowsOfFile).Select(static id => (long)id);

    private static long Apply(MixedOperation operation, List<long> model, IReadOnlyList<DeltaAction> actions)
    {
        CommitInfo info = actions.OfType<CommitInfo>().Single();
        if (operation.Kind == MixedKind.Append)
        {
            model.AddRange(operation.Ids);
            info.Operation.Should().Be("WRITE");
            return operation.Ids.Count;
        }

        long deleted = operation.Ids.Distinct().Count(model.Remove);
        info.OperationMetrics!["numDeletedRows"]!.GetValue<string>().Should().Be($"{deleted}", $"{operation} deleted that many");
        return deleted;
    }

    private static async Task CheckChangesAsync(DeltaTable table, long version, List<long> before, List<long> after)
    {
        List<long> inserted = [];
        List<long> deleted = [];
        await foreach (RecordBatch batch in table.ReadChangesAsync(version, version))
        {
            foreach ((long id, string? change) in Kit.Longs(batch, "id").Zip(Kit.Texts(batch, "_change_type")))
            {
                (change == "insert" ? inserted : deleted).Add(id);
            }
        }

        inserted.Order().Should().Equal(after.Except(before).Order(), $"these are the rows version {version} inserted");
        deleted.Order().Should().Equal(before.Except(after).Order(), $"these are the rows version {version} deleted");
    }

    private void CheckAcknowledged(Dictionary<(int Worker, long Step), (long Version, long Rows)> versions, int workers, long steps)
    {
        for (int worker = 0; worker < workers; worker++)
        {
            for (long step = 0; step < steps; step++)
            {
                if (new MixedOperation(worker, step).Kind == MixedKind.Compact)
                {
                    continue;
                }

                versions.Should().ContainKey((worker, step));
                if (_acknowledged.TryGetValue((worker, step), out (long Version, long Rows) said))
                {
                    said.Should().Be(versions[(worker, step)]);
                }
            }

            versions.Where(v => v.Key.Worker == worker).OrderBy(static v => v.Value.Version).Select(static v => v.Key.Step)
                .Should().BeInAscendingOrder();
        }
    }

    private static async Task CheckFilesAsync(DeltaTable table, int rows)
    {
        long live = 0;
        foreach (AddFile file in table.CurrentSnapshot.Files)
        {
            DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, default);
            deleted.Cardinality.Should().Be(file.DeletionVector?.Cardinality ?? 0);
            RowCounts.Of(file).Should().BePositive();
            live += RowCounts.Of(file)!.Value;
        }

        live.Should().Be(rows);
        table.CurrentSnapshot.RowCount.Should().Be(rows);
    }
}
