using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Creates and opens tables. The first commit decides who created a table.</summary>
internal sealed class TableOpening
{
    private readonly DeltaLog _log;
    private readonly DeltaTableOptions _options;
    private readonly SnapshotLoader _loader = new(new ParquetCheckpointReader());

    public TableOpening(ITableStorage storage, DeltaTableOptions? options)
    {
        ArgumentNullException.ThrowIfNull(storage);
        _options = options ?? new DeltaTableOptions();
        _options.Validate();
        _log = new DeltaLog(storage);
    }

    public async Task<DeltaTable> OpenAsync(CancellationToken cancellationToken)
    {
        Snapshot snapshot = await _loader.LoadAsync(_log, null, cancellationToken).ConfigureAwait(false);
        if (await VersionChecksum.DifferenceAsync(_log.Storage, snapshot, cancellationToken).ConfigureAwait(false) is { } difference)
        {
            (_options.Logger ?? NullLogger.Instance).ChecksumDiffers(_log.Storage.Name, snapshot.Version, difference);
        }

        return new DeltaTable(_log, _loader, snapshot, _options);
    }

    public async Task<DeltaTable> CreateAsync(Schema schema, DeltaTableCreateOptions create, CancellationToken cancellationToken)
    {
        TableBlueprint blueprint = TableBlueprint.Of(schema, create);
        if (!await TryCreateAsync(blueprint, cancellationToken).ConfigureAwait(false))
        {
            throw new LakehouseException(ErrorCodes.TableExists, $"There is a Delta table in '{_log.Storage.Name}' already.")
            {
                Table = _log.Storage.Name,
            };
        }

        return await OpenCreatedAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<DeltaTable> CreateOrOpenAsync(Schema schema, DeltaTableCreateOptions create, CancellationToken cancellationToken)
    {
        TableBlueprint blueprint = TableBlueprint.Of(schema, create);
        DeltaTable table = await TryCreateAsync(blueprint, cancellationToken).ConfigureAwait(false)
            ? await OpenCreatedAsync(cancellationToken).ConfigureAwait(false)
            : await OpenAsync(cancellationToken).ConfigureAwait(false);
        return Checked(table, blueprint);
    }

    /// <summary>Creates or opens a table; one that is there gets the columns it lacks, and keeps those that it has besides.</summary>
    public async Task<DeltaTable> CreateOrExtendAsync(Schema schema, DeltaTableCreateOptions create, CancellationToken cancellationToken)
    {
        if (await TryCreateAsync(TableBlueprint.Of(schema, create), cancellationToken).ConfigureAwait(false))
        {
            return await OpenCreatedAsync(cancellationToken).ConfigureAwait(false);
        }

        DeltaTable table = await OpenAsync(cancellationToken).ConfigureAwait(false);
        while (schema.FieldsList.Where(f => table.CurrentSnapshot.Schema.PositionOf(f.Name) < 0).ToArray() is { Length: > 0 } missing)
        {
            long before = table.CurrentSnapshot.Version;
            try
            {
                await table.AddColumnsAsync(missing, null, cancellationToken).ConfigureAwait(false);
            }
            catch (LakehouseException)
            {
                // Another process may have added them; if none did, the refusal stands.
                if ((await table.RefreshAsync(cancellationToken).ConfigureAwait(false)).Version == before)
                {
                    throw;
                }
            }
        }

        IEnumerable<Field> others = table.CurrentSnapshot.Schema.FieldsList.Where(f => schema.PositionOf(f.Name) < 0);
        return Checked(table, TableBlueprint.Of(new Schema([.. schema.FieldsList, .. others], null), create));
    }

    private DeltaTable Checked(DeltaTable table, TableBlueprint blueprint)
    {
        IReadOnlyList<string> differences = blueprint.DifferencesFrom(table.CurrentSnapshot);
        return differences.Count == 0 ? table : throw new LakehouseException(
            ErrorCodes.SchemaMismatch,
            $"The table in '{_log.Storage.Name}' differs from what was asked for: {string.Join("; ", differences)}.")
        {
            Table = _log.Storage.Name,
            Count = differences.Count,
        };
    }

    private async Task<DeltaTable> OpenCreatedAsync(CancellationToken cancellationToken)
    {
        DeltaTable table = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await AfterCommit.RunAsync(table, table.CurrentSnapshot).ConfigureAwait(false);
        return table;
    }

    // False when there is a table, also one whose first commits were cleaned up.
    private async Task<bool> TryCreateAsync(TableBlueprint blueprint, CancellationToken cancellationToken)
    {
        if (await _log.ListAsync(null, cancellationToken).ConfigureAwait(false) is not null)
        {
            return false;
        }

        IReadOnlyList<DeltaAction> actions = FirstCommit(blueprint);
        if (await _log.TryCommitAsync(0, actions, cancellationToken).ConfigureAwait(false) is not CommitOutcome.Committed)
        {
            return false;
        }

        (_options.Logger ?? NullLogger.Instance).TableCreated(_log.Storage.Name, blueprint.Schema.Fields.Count);
        return true;
    }

    private DeltaAction[] FirstCommit(TableBlueprint blueprint)
    {
        Definition definition = new Definition(blueprint.Schema, blueprint.Options.PartitionColumns, blueprint.Properties)
            .Completed(null, _options.IdSource);
        MetadataAction metadata = new()
        {
            Id = _options.IdSource.NewId().ToString("D"),
            Name = blueprint.Options.Name,
            Description = blueprint.Options.Description,
            SchemaString = SchemaJson.Write(definition.Schema),
            PartitionColumns = blueprint.Options.PartitionColumns,
            Configuration = ProtocolFactory.WithoutRequests(definition.Properties),
            CreatedTime = _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        JsonArray partitionBy = [.. blueprint.Options.PartitionColumns.Select(static name => JsonValue.Create(name))];
        CommitInfo info = new()
        {
            Operation = "CREATE TABLE",
            OperationParameters = new JsonObject { ["partitionBy"] = partitionBy.ToJsonString() },
        };
        bool ownTimestamps = new TableProperties(metadata.Configuration).InCommitTimestamps;
        string txnId = _options.IdSource.NewId().ToString("D");
        return
        [
            CommitStamp.Fill(info, null, ownTimestamps, blindAppend: false, txnId, _options.TimeProvider),
            ProtocolFactory.For(blueprint.Schema, blueprint.Properties),
            metadata,
        ];
    }
}
