using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>
/// Changes the definition of a table in one commit of metadata: the files stay as they are. The protocol is raised to what the new definition uses.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="operation">Its name in the history.</param>
/// <param name="parameters">What the history says besides.</param>
/// <param name="change">The new definition from the former one; the same instance when there is nothing to change.</param>
internal sealed class TableAlteration(
    DeltaTable table, string operation, JsonObject parameters, Func<Definition, Definition> change)
{
    /// <returns>The version of the commit, or null when the table is as it is asked for already.</returns>
    public async Task<long?> RunAsync(CancellationToken cancellationToken)
    {
        TransactionResult? result = await table.CommitAsync((snapshot, _) => Task.FromResult(Derive(snapshot)), cancellationToken).ConfigureAwait(false);
        return result?.Version;
    }

    private CommitPlan? Derive(Snapshot snapshot)
    {
        Definition former = Definition.Of(snapshot);
        Definition changed = change(former);
        if (ReferenceEquals(changed, former))
        {
            return null;
        }

        List<DeltaAction> actions = [.. Actions(table, snapshot, changed)];
        return actions.Count == 0 ? null : new CommitPlan
        {
            Actions = actions,

            // Rows that others add or delete meanwhile change nothing about a definition; the files that get ids must be those that are there.
            Reads = actions.Exists(static action => action is AddFile) ? ReadScope.Everything : ReadScope.Nothing,
            Info = new CommitInfo { Operation = operation, OperationParameters = parameters.DeepClone().AsObject() },
        };
    }

    /// <summary>What gives a table another definition; empty when it has it already.</summary>
    public static IReadOnlyList<DeltaAction> Actions(DeltaTable table, Snapshot snapshot, Definition changed)
    {
        Definition former = Definition.Of(snapshot);
        DefinitionRules.CheckChange(former, changed, table.Storage.Name);
        if (snapshot.FileCount > 0)
        {
            DefinitionRules.CheckNewColumns(former, changed, table.Storage.Name);
        }

        Definition completed = changed.Completed(former, table.Options.IdSource);
        TableProperties properties = new(completed.Properties);
        SchemaChecks.Check(completed.Schema, completed.PartitionColumns, anyName: properties.ColumnMappingMode != ColumnMappingMode.None);
        if (!ReferenceEquals(completed.Schema, snapshot.DeltaSchema))
        {
            DefinitionRules.CheckClustered(ClusteringColumns.Of(snapshot), former, completed, table.Storage.Name);
            RowRules.Validate(completed.Schema, completed.Properties);
        }

        List<DeltaAction> actions = [];
        if (ProtocolFactory.Upgrade(snapshot.Protocol, completed.Schema, completed.Properties) is { } protocol)
        {
            actions.Add(protocol);
        }

        MetadataAction metadata = snapshot.Metadata with
        {
            SchemaString = ReferenceEquals(completed.Schema, snapshot.DeltaSchema) ? snapshot.Metadata.SchemaString : SchemaJson.Write(completed.Schema),
            PartitionColumns = completed.PartitionColumns,
            Configuration = ProtocolFactory.WithoutRequests(completed.Properties),
        };
        if (actions.Count > 0 || !Same(metadata, snapshot.Metadata))
        {
            actions.Add(metadata);
        }

        if (properties.EnableRowTracking && !snapshot.TableProperties.EnableRowTracking)
        {
            // Files from before have no ids; committed once more, as they are, they get them.
            DefinitionRules.CheckCounted(snapshot, table.Storage.Name);
            actions.AddRange(snapshot.Files.Where(static file => file.BaseRowId is null).Select(static file => file with { DataChange = false }));
        }

        return actions;
    }

    private static bool Same(MetadataAction a, MetadataAction b) =>
        string.Equals(a.SchemaString, b.SchemaString, StringComparison.Ordinal)
        && a.PartitionColumns.SequenceEqual(b.PartitionColumns, StringComparer.Ordinal)
        && a.Configuration.Count == b.Configuration.Count
        && a.Configuration.All(entry => b.Configuration.TryGetValue(entry.Key, out string? value) && string.Equals(value, entry.Value, StringComparison.Ordinal));
}
