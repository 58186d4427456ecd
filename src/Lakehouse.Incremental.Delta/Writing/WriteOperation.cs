using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Writing;

/// <summary>
/// An append, or an overwrite of all rows. The files are written once and go into the commit whichever version it becomes, unless the table's
/// metadata changes meanwhile.
/// </summary>
internal sealed class WriteOperation(DeltaTable table, IReadOnlyList<RecordBatch> input, AppendOptions options, bool replace)
{
    private MetadataAction? _writtenFor;
    private IReadOnlyList<AddFile> _files = [];
    private IReadOnlyDictionary<int, long> _marks = new Dictionary<int, long>();
    private long _rows;
    private bool _alreadyApplied;

    public async Task<AppendResult> RunAsync(CancellationToken cancellationToken)
    {
        options.Validate();
        TransactionResult? result = await table.CommitAsync(DeriveAsync, cancellationToken).ConfigureAwait(false);
        return _alreadyApplied
            ? new AppendResult(null, 0, 0, AlreadyApplied: true)
            : new AppendResult(result?.Version, _rows, _files.Count, AlreadyApplied: false);
    }

    private async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        _alreadyApplied = options.TxnAppId is { } application && snapshot.TransactionVersion(application) >= options.TxnVersion;
        if (_alreadyApplied)
        {
            return null;
        }

        ProtocolGate.CheckWrite(snapshot.Protocol, snapshot.Metadata);
        if (!ReferenceEquals(_writtenFor, snapshot.Metadata))
        {
            await WriteFilesAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }

        long now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        List<DeltaAction> actions = [];
        if (options.TxnAppId is { } appId)
        {
            actions.Add(new SetTransaction(appId, options.TxnVersion!.Value, now));
        }

        if (replace)
        {
            actions.AddRange(snapshot.Files.Select(file => RemoveFile.Of(file, now, dataChange: true)));
        }

        if (_marks.Count > 0)
        {
            actions.Add(IdentityMarks.Move(snapshot.Metadata, _marks));
        }

        actions.AddRange(_files);
        return actions.Count == 0 ? null : new CommitPlan
        {
            Actions = actions,
            Info = Describe(snapshot),
            BlindAppend = !replace && _marks.Count == 0,

            // Numbers are given out by the metadata, which two transactions never change side by side.
            Reads = replace ? ReadScope.Everything : ReadScope.Nothing,
            WrittenPaths = [.. _files.Select(static file => DataFilePath.Decode(file.Path))],
        };
    }

    private async Task WriteFilesAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        ColumnFiller filler = new(RowRules.Of(snapshot), input, table.Options.TimeProvider.GetUtcNow(), table.Storage.Name);
        IReadOnlyList<RecordBatch> rows = BatchConformer.Conform(input, snapshot.Schema, table.Storage.Name, filler);
        _rows = rows.Sum(static batch => (long)batch.Length);
        _files = _rows == 0 ? [] : await table.Writer.WriteAsync(snapshot, rows, RowOrigin.Completed, cancellationToken).ConfigureAwait(false);
        _marks = filler.Marks;
        _writtenFor = snapshot.Metadata;
    }

    private CommitInfo Describe(Snapshot snapshot)
    {
        JsonArray partitionBy = [.. snapshot.PartitionColumns.Select(static name => JsonValue.Create(name))];
        return new CommitInfo
        {
            Operation = "WRITE",
            OperationParameters = new JsonObject { ["mode"] = replace ? "Overwrite" : "Append", ["partitionBy"] = partitionBy.ToJsonString() },
            OperationMetrics = new JsonObject
            {
                ["numFiles"] = _files.Count.ToString(CultureInfo.InvariantCulture),
                ["numOutputRows"] = _rows.ToString(CultureInfo.InvariantCulture),
                ["numOutputBytes"] = _files.Sum(static file => file.Size).ToString(CultureInfo.InvariantCulture),
            },
            UserMetadata = options.UserMetadata,
        };
    }
}
