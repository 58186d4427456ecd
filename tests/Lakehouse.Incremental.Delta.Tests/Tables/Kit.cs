using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Tables;

/// <summary>A small table of an id and a name, and what tests do with it.</summary>
internal static class Kit
{
    public static readonly Schema Schema = new(
        [new Field("id", Int64Type.Default, true), new Field("name", StringType.Default, true)], null);

    public static readonly DeltaTableCreateOptions WithChanges = new() { ChangeDataFeed = true };

    public static readonly DeltaTableOptions Options = new() { MaxCommitAttempts = 200 };

    public static RecordBatch Rows(params long[] ids) => Rows(ids.Select(static id => ((long?)id, (string?)$"n{id}")));

    public static RecordBatch Rows(IEnumerable<(long? Id, string? Name)> rows)
    {
        Int64Array.Builder ids = new();
        StringArray.Builder names = new();
        foreach ((long? id, string? name) in rows)
        {
            ids.Append(id);
            names.Append(name);
        }

        return Batch(Schema, ids.Build(), names.Build());
    }

    public static RecordBatch Batch(Schema schema, params IArrowArray[] columns) => new(schema, columns, columns[0].Length);

    public static async Task<List<RecordBatch>> ListAsync(this IAsyncEnumerable<RecordBatch> batches)
    {
        List<RecordBatch> list = [];
        await foreach (RecordBatch batch in batches)
        {
            list.Add(batch);
        }

        return list;
    }

    /// <summary>All ids of a version, sorted.</summary>
    public static async Task<long[]> IdsAsync(this DeltaTable table, long? version = null) =>
        [.. (await table.ReadAsync(new ReadOptions { Version = version }).ListAsync()).SelectMany(static batch => Longs(batch, "id")).Order()];

    public static IEnumerable<long> Longs(RecordBatch batch, string column) =>
        ((Int64Array)batch.Column(column)).Select(static value => value!.Value);

    public static IEnumerable<string?> Texts(RecordBatch batch, string column)
    {
        StringArray texts = (StringArray)batch.Column(column);
        return Enumerable.Range(0, texts.Length).Select(i => texts.GetString(i));
    }

    /// <summary>Deletes rows by deletion vectors, as the engines do.</summary>
    public static Task<TransactionResult?> DeleteAsync(this DeltaTable table, Func<long, bool> condition) => table.CommitAsync(
        async (snapshot, cancellationToken) =>
        {
            List<(AddFile File, DeletionVector Rows)> targets = [];
            foreach (AddFile file in snapshot.Files)
            {
                List<long> rows = [];
                await foreach (FileBatch read in table.Reader.ReadAsync(snapshot, file, snapshot.Schema, cancellationToken))
                {
                    long[] ids = [.. Longs(read.Batch, "id")];
                    rows.AddRange(Enumerable.Range(0, ids.Length).Where(i => condition(ids[i])).Select(i => read.FirstRow + i));
                }

                targets.Add((file, DeletionVector.Of(rows)));
            }

            RowDeletionResult deletion = await RowDeletion.PrepareAsync(table.DeletionVectors, targets, 0, cancellationToken);
            return deletion.Actions.Count == 0 ? null : new CommitPlan
            {
                Actions = deletion.Actions,
                Info = new CommitInfo { Operation = "DELETE" },
                WrittenPaths = deletion.WrittenPaths,
            };
        },
        CancellationToken.None);

    /// <summary>The paths of all files with an ending.</summary>
    public static async Task<List<string>> FilesAsync(ITableStorage storage, string ending)
    {
        List<string> paths = [];
        await foreach (StoredFile file in storage.ListAsync(""))
        {
            if (file.Path.EndsWith(ending, StringComparison.Ordinal))
            {
                paths.Add(file.Path);
            }
        }

        return paths;
    }

    public static async Task<string> CodeOfAsync(Func<Task> act) => (await act.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode;
}
