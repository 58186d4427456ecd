using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>
/// Adds a constraint after reading the rows it speaks of. The commit is derived anew when another writer was faster, so that no row slips in between.
/// </summary>
internal sealed class ConstraintAddition(DeltaTable table, string name, string sql)
{
    private const int LegacyWriterVersion = 3;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        if (name.Length == 0 || !name.All(static c => char.IsLetterOrDigit(c) || c == '_'))
        {
            throw new LakehouseException(
                ErrorCodes.InvalidConfiguration, $"'{name}' is no name of a constraint: it has letters, digits and underscores.")
            {
                Table = table.Storage.Name,
            };
        }

        SqlExpression expression = SqlExpression.Parse(sql);
        TransactionResult? result = await table.CommitAsync(
            (snapshot, token) => DeriveAsync(snapshot, expression, token), cancellationToken).ConfigureAwait(false);
        return result!.Version;
    }

    private async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, SqlExpression expression, CancellationToken cancellationToken)
    {
        string key = RuleKeys.ConstraintPrefix + name.ToLowerInvariant();
        if (snapshot.Properties.Keys.Any(other => string.Equals(other, key, StringComparison.OrdinalIgnoreCase)))
        {
            throw new LakehouseException(ErrorCodes.ConstraintExists, $"'{table.Storage.Name}' has a constraint '{name}' already.")
            {
                Table = table.Storage.Name,
            };
        }

        ProtocolGate.CheckWrite(snapshot.Protocol, snapshot.Metadata);
        await CheckRowsAsync(snapshot, expression, cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> configuration = new(snapshot.Properties, StringComparer.Ordinal) { [key] = sql };
        List<DeltaAction> actions = [snapshot.Metadata with { Configuration = configuration }];
        if (Upgrade(snapshot.Protocol) is { } protocol)
        {
            actions.Add(protocol);
        }

        return new CommitPlan
        {
            Actions = actions,
            Info = new CommitInfo
            {
                Operation = "ADD CONSTRAINT",
                OperationParameters = new JsonObject { ["name"] = name, ["expr"] = sql },
            },
        };
    }

    // Only the columns the condition speaks of are read.
    private async Task CheckRowsAsync(Snapshot snapshot, SqlExpression expression, CancellationToken cancellationToken)
    {
        string owner = $"the CHECK constraint '{name}'";
        IReadOnlyList<int> used = RowRulesReader.Named(TableFeature.CheckConstraints, owner, sql, () =>
            expression.BindCondition(snapshot.DeltaSchema)).Columns;
        StructField[] fields = used.Count == 0 ? [.. snapshot.DeltaSchema.Fields]
            : [.. used.Select(position => snapshot.DeltaSchema.Fields[position])];
        RowCondition condition = new(ErrorCodes.ConstraintViolation, owner, expression.BindCondition(new StructType(fields)), sql);
        ConditionCheck check = new(condition, table.Storage.Name);
        TableScan scan = new(table, snapshot, [.. fields.Select(static field => field.Name)], filter: null);
        await foreach (RecordBatch rows in scan.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            check.Add(rows);
        }

        check.ThrowIfBroken();
    }

    // A legacy protocol stays one.
    private static ProtocolAction? Upgrade(ProtocolAction current) => current.MinWriterVersion < LegacyWriterVersion
        ? current with { MinWriterVersion = LegacyWriterVersion }
        : ProtocolFactory.Upgrade(current, [TableFeature.CheckConstraints]);
}
