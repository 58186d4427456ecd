using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.ChangeDataFeed;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Deleting;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>An operation on a table of ids, each of which lies in the partition day = id / 1000 + 1, and what it does to the ids.</summary>
internal sealed record RaceOperation(
    string Name, Func<DeltaTable, Task> RunAsync, Func<IReadOnlyList<long>, IEnumerable<long>> Model, bool IsBlindAppend = false)
{
    public static readonly Schema Schema = new([new Field("id", Int64Type.Default, true), new Field("day", Int32Type.Default, true)], null);

    private static readonly FilterColumn Id = Filter.Column("id");

    public static IReadOnlyList<RaceOperation> All { get; } =
    [
        Append("append to day 1", 100),
        Append("append to day 2", 1100),
        new("overwrite", static t => t.OverwriteAsync(Rows(300)), static _ => [300]),
        new("append what was counted", CountAsync, static ids => [.. ids, 500 + ids.Count]),
        Delete("delete all", null, static _ => true),
        Delete("delete day 1", Filter.Column("day").EqualTo(1), static id => id < 1000),
        Delete("delete day 2", Filter.Column("day").EqualTo(2), static id => id >= 1000),
        Delete("delete 1", Id.EqualTo(1L), static id => id == 1),
        Delete("delete 2", Id.EqualTo(2L), static id => id == 2),
        Delete("delete 1 to 3", Id.GreaterThan(0L) & Id.LessThan(4L), static id => id is > 0 and < 4),
        Delete("delete a file", Id.LessThan(10L), static id => id < 10),
        Delete("delete across files", Id.GreaterThan(4L) & Id.LessThan(105L), static id => id is > 4 and < 105),
        new("move 3 to 103", static t => UpdateAsync(t, 3, 103), static ids => ids.Select(static id => id == 3 ? 103 : id)),
        new("compact", static t => Compaction.StepAsync(t, new CompactionPolicy { Factor = 2 }, default), static ids => ids),
    ];

    public static RaceOperation Named(string name) => All.Single(operation => operation.Name == name);

    public static RecordBatch Rows(params IReadOnlyList<long> ids) => new(
        Schema,
        [
            new Int64Array.Builder().AppendRange(ids).Build(),
            new Int32Array.Builder().AppendRange(ids.Select(static id => (int)(id / 1000) + 1)).Build(),
        ],
        ids.Count);

    private static RaceOperation Append(string name, long id) => new(name, t => t.AppendAsync(Rows(id)), ids => [.. ids, id], IsBlindAppend: true);

    private static RaceOperation Delete(string name, Filter? filter, Func<long, bool> condition) =>
        new(name, t => t.DeleteAsync(filter), ids => ids.Where(id => !condition(id)));

    private static Task<TransactionResult?> CountAsync(DeltaTable table) => table.CommitAsync(
        async (snapshot, token) =>
        {
            IReadOnlyList<AddFile> files = await table.Writer.WriteAsync(snapshot, [Rows(500 + snapshot.RowCount!.Value)], token);
            return new CommitPlan
            {
                Actions = [.. files],
                Info = new CommitInfo { Operation = "WRITE" },
                Reads = ReadScope.Table,
                WrittenPaths = [.. files.Select(static file => DataFilePath.Decode(file.Path))],
            };
        },
        default);

    // An update as a merge engine writes it: the old row into a deletion vector, the new one to a file, both into the change data.
    private static Task<TransactionResult?> UpdateAsync(DeltaTable table, long from, long to) => table.CommitAsync(
        async (snapshot, token) =>
        {
            DeleteScan scan = new(table, snapshot, Id.EqualTo(from));
            List<FileMatch> matches = await scan.FindAsync(token);
            if (matches.Count == 0)
            {
                return null;
            }

            RowDeletionResult old = await RowDeletion.PrepareAsync(
                table.DeletionVectors, [.. matches.Select(m => (m.File, m.Rows ?? DeletionVector.Of([0L])))], 0, token);
            IReadOnlyList<AddFile> files = await table.Writer.WriteAsync(snapshot, [Rows(to)], token);
            RecordBatch[] changes =
            [
                new(ChangeColumns.FileSchema(Schema), [.. Rows(from).Arrays, ConstantArray.Create(StringType.Default, ChangeColumns.Delete, 1)], 1),
                new(ChangeColumns.FileSchema(Schema), [.. Rows(to).Arrays, ConstantArray.Create(StringType.Default, ChangeColumns.Insert, 1)], 1),
            ];
            IReadOnlyList<AddCdcFile> cdc = await table.Writer.WriteChangesAsync(snapshot, changes, token);
            return new CommitPlan
            {
                Actions = [.. old.Actions, .. files, .. cdc],
                Info = new CommitInfo { Operation = "UPDATE" },
                Reads = ReadScope.Matching(scan.MayMatch, matches.Select(static m => m.File.Path), rowWise: true),
                WrittenPaths =
                [
                    .. old.WrittenPaths,
                    .. files.Select(static f => DataFilePath.Decode(f.Path)),
                    .. cdc.Select(static f => DataFilePath.Decode(f.Path)),
                ],
            };
        },
        default);
}
