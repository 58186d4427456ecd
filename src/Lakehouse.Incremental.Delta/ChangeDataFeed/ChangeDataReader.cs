using System.Runtime.CompilerServices;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.ChangeDataFeed;

/// <summary>Reads the changes of a range of versions, one version after the other; within a version deleted rows come before inserted ones.</summary>
internal sealed class ChangeDataReader(DeltaTable table)
{
    public async IAsyncEnumerable<RecordBatch> ReadAsync(long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Snapshot last = await table.SnapshotAtAsync(to, cancellationToken).ConfigureAwait(false);
        await foreach (CommitView commit in new CommitRange(table, last).ReadAsync(from, cancellationToken).ConfigureAwait(false))
        {
            CheckRecorded(commit);
            CheckSchema(commit, last);
            Snapshot? before = CommitChanges.NeedsBefore(commit.Actions, commit.Definition)
                ? await TryLoadAsync(commit.Version - 1, cancellationToken).ConfigureAwait(false)
                : null;
            CommitChanges changes = CommitChanges.Of(commit.Actions, before);
            await foreach (RecordBatch batch in ReadCommitAsync(changes, commit, last, cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }
        }
    }

    // Null when the version is cleaned up.
    private async Task<Snapshot?> TryLoadAsync(long version, CancellationToken cancellationToken)
    {
        try
        {
            return version < 0 ? null : await table.SnapshotAtAsync(version, cancellationToken).ConfigureAwait(false);
        }
        catch (LakehouseException error) when (string.Equals(error.ErrorCode, ErrorCodes.VersionNotFound, StringComparison.Ordinal))
        {
            return null;
        }
    }

    private void CheckRecorded(CommitView commit)
    {
        if (!commit.Definition.TableProperties.EnableChangeDataFeed)
        {
            throw new LakehouseException(
                ErrorCodes.ChangeDataUnavailable,
                FormattableString.Invariant($"'{table.Storage.Name}' recorded no changes (delta.enableChangeDataFeed) in version {commit.Version}."))
            {
                Table = table.Storage.Name,
            };
        }
    }

    // Columns may have been added within the range; rows from before show nulls there.
    private void CheckSchema(CommitView commit, Snapshot last)
    {
        Snapshot then = commit.Definition;
        if (ReferenceEquals(then.Metadata, last.Metadata))
        {
            return;
        }

        string? changed = then.DeltaSchema.Fields.FirstOrDefault(field => !Keeps(last.DeltaSchema, field))?.Name;
        if (changed is null && then.PartitionColumns.SequenceEqual(last.PartitionColumns, StringComparer.Ordinal))
        {
            return;
        }

        string what = changed is null ? "The partitioning" : $"The column '{changed}'";
        throw new LakehouseException(
            ErrorCodes.SchemaMismatch,
            FormattableString.Invariant($"{what} of '{table.Storage.Name}' changed between the versions {commit.Version} and {last.Version}: ")
            + "their changes cannot be read as one table.")
        {
            Table = table.Storage.Name,
        };
    }

    // A column of the same name that lies elsewhere in the files is another one: it was dropped and added again.
    private static bool Keeps(StructType schema, StructField field) =>
        schema.IndexOf(field.Name) is >= 0 and int at
        && SchemaDifference.SameType(schema.Fields[at].Type, field.Type)
        && string.Equals(ColumnMapping.PhysicalName(schema.Fields[at]), ColumnMapping.PhysicalName(field), StringComparison.Ordinal);

    private async IAsyncEnumerable<RecordBatch> ReadCommitAsync(
        CommitChanges changes, CommitView commit, Snapshot last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Schema result = ChangeColumns.ReaderSchema(last.Schema);
        Schema fileSchema = ChangeColumns.FileSchema(last.Schema);
        foreach (AddCdcFile file in changes.ChangeFiles)
        {
            await foreach (FileBatch read in table.Reader
                .ReadColumnsAsync(last, file.Path, file.PartitionValues, fileSchema, cancellationToken).ConfigureAwait(false))
            {
                if (read.Batch.Length > 0)
                {
                    yield return ChangeColumns.Complete(read.Batch, null, commit.Version, commit.TimestampMs, result);
                }
            }
        }

        foreach (string changeType in (string[])[ChangeColumns.Delete, ChangeColumns.Insert])
        {
            foreach (FileChange change in changes.DataFiles)
            {
                bool deletes = string.Equals(changeType, ChangeColumns.Delete, StringComparison.Ordinal);
                (AddFile? file, AddFile? other) = deletes ? (change.Before, change.After) : (change.After, change.Before);
                if (file is null)
                {
                    continue;
                }

                await foreach (RecordBatch batch in OnlyInAsync(file, other, last, cancellationToken).ConfigureAwait(false))
                {
                    yield return ChangeColumns.Complete(batch, changeType, commit.Version, commit.TimestampMs, result);
                }
            }
        }
    }

    // The rows that are live in one state of a file and not in the other.
    private async IAsyncEnumerable<RecordBatch> OnlyInAsync(
        AddFile file, AddFile? other, Snapshot last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
        if (other is not null)
        {
            DeletionVector otherDeleted = await table.DeletionVectors.LoadAsync(other.DeletionVector, cancellationToken).ConfigureAwait(false);
            DeletionVector difference = otherDeleted.Except(deleted);
            DeletionVectorBounds.Check(difference, file, int.MaxValue, table.Storage.Name);
            int[] rows = [.. difference.Rows.Select(static row => (int)row)];
            if (rows.Length > 0)
            {
                yield return await table.Reader.ReadRowsAsync(last, file, last.Schema, rows, cancellationToken).ConfigureAwait(false);
            }

            yield break;
        }

        long rowsRead = 0;
        await foreach (FileBatch read in table.Reader.ReadAsync(last, file, last.Schema, cancellationToken).ConfigureAwait(false))
        {
            rowsRead = read.FirstRow + read.Batch.Length;
            bool[] keep = new bool[read.Batch.Length];
            keep.AsSpan().Fill(true);
            deleted.MarkDeleted(read.FirstRow, keep);
            RecordBatch live = keep.AsSpan().Contains(false) ? FilterKernel.Filter(read.Batch, keep) : read.Batch;
            if (live.Length > 0)
            {
                yield return live;
            }
        }

        DeletionVectorBounds.Check(deleted, file, rowsRead, table.Storage.Name);
    }
}
