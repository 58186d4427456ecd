using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Somebody who knows Delta but nothing of flows, and writes into their tables.</summary>
internal static class ForeignWriter
{
    /// <summary>Rewrites the table with damaged rows.</summary>
    public static async Task DamageAsync(DeltaTable table, IEnumerable<Damage> damages)
    {
        Schema schema = table.CurrentSnapshot.Schema;
        foreach (Damage damage in damages)
        {
            RecordBatch rows = await ReadAllAsync(table);
            if (rows.Length > 0)
            {
                await table.OverwriteAsync(Apply(rows, schema, damage));
            }
        }
    }

    /// <summary>Appends a copy of a row in which one column has another value.</summary>
    public static async Task AppendCopyAsync(DeltaTable table, int row, string column, ColumnType type, object value)
    {
        RecordBatch copy = TakeKernel.Take(await ReadAllAsync(table), [row]);
        IArrowArray[] columns = [.. copy.Arrays];
        columns[copy.Schema.GetFieldIndex(column)] = ArrowColumns.ToArray(type, [value]);
        await table.AppendAsync(new RecordBatch(copy.Schema, columns, 1));
    }

    /// <summary>Moves all rows into other files, in another order, and says that nothing changed.</summary>
    public static Task RewriteAsync(DeltaTable table) => table.CommitAsync(
        async (snapshot, token) =>
        {
            RecordBatch rows = await ReadAllAsync(table);
            RecordBatch reversed = TakeKernel.Take(rows, [.. Enumerable.Range(0, rows.Length).Reverse()]);
            IReadOnlyList<AddFile> files = rows.Length == 0 ? [] : await table.Writer.WriteAsync(snapshot, [reversed], RowOrigin.Table, token);
            return new CommitPlan
            {
                Actions = [.. snapshot.Files.Select(f => RemoveFile.Of(f, 0, dataChange: false)), .. files.Select(f => f with { DataChange = false })],
                Info = new CommitInfo { Operation = "OPTIMIZE" },
            };
        },
        CancellationToken.None);

    /// <summary>Appends the rows of one table to another.</summary>
    public static async Task CopyAsync(DeltaTable from, DeltaTable to)
    {
        RecordBatch rows = await ReadAllAsync(from);
        if (rows.Length > 0)
        {
            await to.AppendAsync(rows);
        }
    }

    /// <summary>Replaces all rows by themselves.</summary>
    public static async Task OverwriteAsync(DeltaTable table)
    {
        RecordBatch rows = await ReadAllAsync(table);
        if (rows.Length > 0)
        {
            await table.OverwriteAsync(rows);
        }
    }

    /// <summary>Commits what concerns no row.</summary>
    public static async Task NoteAsync(DeltaTable table)
    {
        long version = table.CurrentSnapshot.Version;
        await table.SetPropertiesAsync(new Dictionary<string, string?> { ["owner"] = FormattableString.Invariant($"somebody since {version}") });
        await table.CommitAsync(
            (_, _) => Task.FromResult<CommitPlan?>(new()
            {
                Actions = [new SetTransaction("somebody", version), new DomainMetadata("somebody", "{}")],
                Info = new CommitInfo { Operation = "MANUAL" },
            }),
            CancellationToken.None);
    }

    /// <summary>Takes the flow's state away. True when there was any.</summary>
    public static async Task<bool> ForgetStateAsync(DeltaTable table)
    {
        if (FlowState.Parse(table.CurrentSnapshot.Domain(FlowState.Domain)) is not { } state || state.Sets.Values.All(files => files.Count == 0))
        {
            return false;
        }

        FlowState empty = state with { Sets = state.Sets.ToDictionary(s => s.Key, _ => (IReadOnlyList<StateFile>)[]) };
        await table.CommitAsync(
            (_, _) => Task.FromResult<CommitPlan?>(new()
            {
                Actions = [new DomainMetadata(FlowState.Domain, empty.Write())],
                Info = new CommitInfo { Operation = "MANUAL" },
            }),
            CancellationToken.None);
        return true;
    }

    private static RecordBatch Apply(RecordBatch rows, Schema schema, Damage damage)
    {
        int row = damage.Row % rows.Length;
        int[] all = [.. Enumerable.Range(0, rows.Length)];
        switch (damage.Kind)
        {
            case DamageKind.Remove:
                return TakeKernel.Take(rows, [.. all.Where(r => r != row)]);
            case DamageKind.Duplicate:
                return TakeKernel.Take(rows, [.. all, row]);
            default:
                IArrowArray[] columns = [.. rows.Arrays];
                int column = damage.Column % columns.Length;
                columns[column] = TakeKernel.Take(columns[column], [.. all.Select(r => r == row ? damage.Donor % rows.Length : r)]);
                return new RecordBatch(schema, columns, rows.Length);
        }
    }

    private static async Task<RecordBatch> ReadAllAsync(DeltaTable table)
    {
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            batches.Add(batch);
        }

        return ConcatKernel.Concat(table.CurrentSnapshot.Schema, batches);
    }
}
