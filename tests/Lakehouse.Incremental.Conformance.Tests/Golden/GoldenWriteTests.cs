using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;
using Xunit.Abstractions;

namespace Lakehouse.Incremental.Conformance.Tests.Golden;

/// <summary>Copies of other engines' tables take a row more, or refuse it by name and stay as they are.</summary>
[Collection(GoldenCollection.Name)]
public sealed class GoldenWriteTests(GoldenSet set, ITestOutputHelper output)
{
    [GoldenTheory(GoldenPart.Writable)]
    [GoldenTables]
    public async Task A_row_that_is_appended_again_is_there_once_more(GoldenCase table)
    {
        using TableCopy copy = new(set, table.Table);
        DeltaTable opened = await copy.OpenAsync();
        long version = opened.CurrentSnapshot.Version;
        RowBag before = await TableRows.AllAsync(opened);
        IReadOnlyList<string> log = copy.LogFiles();
        RecordBatch row = await TableCopy.FirstRowAsync(opened) ?? Empty(opened.CurrentSnapshot.Schema);
        try
        {
            await opened.AppendAsync(row);
        }
        catch (UnsupportedFeatureException refused)
        {
            output.WriteLine(refused.Message);
            KnownFeatures.IsNamedIn(refused.Message, table.Table).Should().BeTrue("'{0}' should name the feature", refused.Message);
            copy.LogFiles().Should().Equal(log, "a refused write leaves the log as it is");
            return;
        }

        DeltaTable reopened = await copy.OpenAsync();
        reopened.CurrentSnapshot.Version.Should().BeInRange(version + Math.Min(1, row.Length), version + 1);
        await CompareAsync(reopened, before, row);
        (await TableRows.AllAsync(reopened, version)).DifferenceFrom(before).Should().BeNull("the version before is as it was");
    }

    [GoldenTheory(GoldenPart.WriteErrors)]
    [GoldenTables]
    public async Task Writes_that_the_table_forbids_are_refused_and_leave_no_trace(GoldenCase table)
    {
        using TableCopy copy = new(set, table.Table);
        DeltaTable opened = await copy.OpenAsync();
        RowBag before = await TableRows.AllAsync(opened);
        List<string> refused = [];
        List<string> accepted = [];
        foreach ((string name, Func<DeltaTable, Task> write) in await Attempts.OfAsync(opened))
        {
            IReadOnlyList<string> log = copy.LogFiles();
            try
            {
                await write(await copy.OpenAsync());
                accepted.Add(name);
            }
            catch (LakehouseException e)
            {
                refused.Add($"{name}: {e.Message}");
                copy.LogFiles().Should().Equal(log, "a refused write leaves the log as it is");
            }
        }

        refused.Should().NotBeEmpty("of {0} at least one write must be refused", table);
        string[] unknown = [.. (table.Table.Features ?? []).Where(feature => !KnownFeatures.IsKnown(feature))];
        if (unknown.Length > 0)
        {
            accepted.Should().BeEmpty("a writer must not write to a table with the features {0}", string.Join(", ", unknown));
            refused.Should().OnlyContain(message => table.Table.Features!.Any(feature => message.Contains(feature, StringComparison.Ordinal)));
            (await TableRows.AllAsync(await copy.OpenAsync())).DifferenceFrom(before).Should().BeNull();
        }
    }

    /// <summary>The rows before, and the row again. Columns that the table fills are compared by the rows before only.</summary>
    private static async Task CompareAsync(DeltaTable table, RowBag before, RecordBatch row)
    {
        RowBag after = await TableRows.AllAsync(table);
        after.Count.Should().Be(before.Count + row.Length);
        before.IsWithin(after).Should().BeTrue("an append changes no other row");
        IReadOnlyList<string> given = TableRows.Names(row.Schema);
        if (given.Count == after.Columns.Count)
        {
            after.DifferenceFrom(before.Plus(RowBag.Of([row], given))).Should().BeNull();
        }
    }

    private static RecordBatch Empty(Schema schema) =>
        new(schema, schema.FieldsList.Select(f => ConstantArray.Create(f.DataType, null, 0)), 0);
}
