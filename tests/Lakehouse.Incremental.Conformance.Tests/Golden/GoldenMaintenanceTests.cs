using Apache.Arrow;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Conformance.Tests.Golden;

/// <summary>
/// Copies of other engines' tables keep their rows and state through checkpoints, optimize, deletes, restores and vacuums, or refuse them by the
/// name of the feature and stay as they are.
/// </summary>
[Collection(GoldenCollection.Name)]
public sealed class GoldenMaintenanceTests(GoldenSet set)
{
    [GoldenTheory(GoldenPart.Writable)]
    [GoldenTables]
    public Task A_checkpoint_tells_what_the_log_tells(GoldenCase table) => RunAsync(table, async (copy, opened, before) =>
    {
        Snapshot told = opened.CurrentSnapshot;
        (await opened.CheckpointAsync()).Should().Be(told.Version);
        copy.LogFiles().Should().Contain(file => file.Contains($"{told.Version:d20}.checkpoint", StringComparison.Ordinal));
        Snapshot read = (await copy.OpenAsync()).CurrentSnapshot;
        read.Version.Should().Be(told.Version);
        read.Files.Select(Text).Should().Equal(told.Files.Select(Text));
        read.Metadata.Should().BeEquivalentTo(told.Metadata);
        read.Protocol.Should().BeEquivalentTo(told.Protocol);
        read.Transactions.Should().BeEquivalentTo(told.Transactions);
        read.Domains.Should().BeEquivalentTo(told.Domains);

        // A table may ask for checkpoints without statistics.
        (read.RowCount ?? told.RowCount).Should().Be(told.RowCount);
        return before;
    });

    [GoldenTheory(GoldenPart.Writable)]
    [GoldenTables]
    public Task Optimizing_keeps_the_rows(GoldenCase table) => RunAsync(table, async (_, opened, before) =>
    {
        OptimizeResult result = await opened.OptimizeAsync(new OptimizeOptions { MaxDeletedShare = 0 });
        result.FilesAdded.Should().BeLessThanOrEqualTo(result.FilesRemoved);
        return before;
    });

    [GoldenTheory(GoldenPart.Writable)]
    [GoldenTables]
    public Task Deleted_rows_are_gone_and_come_back_with_a_restore(GoldenCase table) => RunAsync(table, async (copy, opened, before) =>
    {
        long version = opened.CurrentSnapshot.Version;
        if (await FirstValueAsync(opened) is not (string column, object literal, string cell))
        {
            return before;
        }

        List<RecordBatch> all = await TableRows.ReadAsync(opened.ReadAsync());
        RowBag left = RowBag.Of(all, before.Columns, row => ArrowCells.Format(row.Column(column), 0) != cell);
        DeleteResult result = await opened.DeleteAsync(Filter.Column(column).EqualTo(literal));
        result.RowsDeleted.Should().Be(before.Count - left.Count);
        (await TableRows.AllAsync(await copy.OpenAsync())).DifferenceFrom(left).Should().BeNull("rows with {0} = {1} were deleted", column, cell);
        await opened.RestoreAsync(version);
        return before;
    });

    [GoldenTheory(GoldenPart.Writable)]
    [GoldenTables]
    public Task A_vacuum_of_everything_old_leaves_what_the_latest_version_needs(GoldenCase table) => RunAsync(table, async (_, opened, before) =>
    {
        await opened.VacuumAsync(new VacuumOptions { DryRun = false, Retention = TimeSpan.Zero, AllowShorterRetention = true });
        return before;
    });

    /// <summary>Runs an operation on a copy and compares the rows afterwards with those it says there should be.</summary>
    private async Task RunAsync(GoldenCase table, Func<TableCopy, DeltaTable, RowBag, Task<RowBag>> operation)
    {
        using TableCopy copy = new(set, table.Table);
        DeltaTable opened = await copy.OpenAsync();
        RowBag before = await TableRows.AllAsync(opened);
        IReadOnlyList<string> log = copy.LogFiles();
        RowBag expected = before;
        try
        {
            expected = await operation(copy, opened, before);
        }
        catch (UnsupportedFeatureException refused)
        {
            KnownFeatures.IsNamedIn(refused.Message, table.Table).Should().BeTrue("'{0}' should name the feature", refused.Message);
            copy.LogFiles().Should().Equal(log, "a refused operation leaves the log as it is");
        }

        (await TableRows.AllAsync(await copy.OpenAsync())).DifferenceFrom(expected).Should().BeNull();
    }

    private static string Text(AddFile file)
    {
        IEnumerable<string> values = file.PartitionValues.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value ?? "(null)"}");
        object?[] fields = [file.Path, file.Size, file.ModificationTime, file.DeletionVector?.UniqueId, file.BaseRowId, file.DefaultRowCommitVersion];
        return string.Join(' ', [.. fields, .. values]);
    }

    /// <summary>A value of the first row that a filter can ask for.</summary>
    private static async Task<(string Column, object Literal, string Cell)?> FirstValueAsync(DeltaTable table)
    {
        if (await TableCopy.FirstRowAsync(table) is not { } row)
        {
            return null;
        }

        return row.Schema.FieldsList
            .Select(field => (field.Name, Literal: FilterLiterals.Of(row.Column(field.Name), 0), Cell: ArrowCells.Format(row.Column(field.Name), 0)))
            .Where(value => value.Literal is not null)
            .Select(value => ((string, object, string)?)(value.Name, value.Literal!, value.Cell))
            .FirstOrDefault();
    }
}
