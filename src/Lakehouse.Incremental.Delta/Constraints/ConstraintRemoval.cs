using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>Drops a constraint. The protocol keeps its feature, because earlier versions need it.</summary>
internal sealed class ConstraintRemoval(DeltaTable table, string name)
{
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        TransactionResult? result = await table.CommitAsync(
            (snapshot, _) => Task.FromResult<CommitPlan?>(Derive(snapshot)), cancellationToken).ConfigureAwait(false);
        return result!.Version;
    }

    private CommitPlan Derive(Snapshot snapshot)
    {
        string? key = snapshot.Properties.Keys.FirstOrDefault(
            key => string.Equals(key, RuleKeys.ConstraintPrefix + name, StringComparison.OrdinalIgnoreCase));
        if (key is null)
        {
            throw new LakehouseException(ErrorCodes.ConstraintNotFound, $"'{table.Storage.Name}' has no constraint '{name}'.")
            {
                Table = table.Storage.Name,
            };
        }

        Dictionary<string, string> configuration = new(snapshot.Properties, StringComparer.Ordinal);
        configuration.Remove(key, out string? sql);
        return new CommitPlan
        {
            Actions = [snapshot.Metadata with { Configuration = configuration }],
            Info = new CommitInfo
            {
                Operation = "DROP CONSTRAINT",
                OperationParameters = new JsonObject { ["name"] = name, ["expr"] = sql },
            },
        };
    }
}
