using System.Text.Json;
using System.Text.RegularExpressions;
using Apache.Arrow;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Conformance.Tests.Golden;

/// <summary>Tables of other engines read as those engines say, cell by cell.</summary>
[Collection(GoldenCollection.Name)]
public sealed partial class GoldenReadTests(GoldenSet set)
{
    [GoldenTheory(GoldenPart.Rows)]
    [GoldenTables]
    public async Task Rows_are_those_the_source_tells(GoldenCase table)
    {
        GoldenTable golden = table.Table;
        DeltaTable opened = await set.OpenAsync(golden);
        string folder = set.Below(golden.Folder);
        switch (golden.Kind)
        {
            case "parquet":
                await CompareParquetAsync(golden, opened, folder);
                break;
            case "ascii":
                await ComparePrintsAsync(golden, opened, folder);
                break;
            default:
                await CompareInlineAsync(golden, opened);
                break;
        }
    }

    private static async Task CompareParquetAsync(GoldenTable golden, DeltaTable table, string folder)
    {
        string path = Json.Text(golden.Expected, "path") ?? "expected";
        await CompareParquetAsync(golden, table, Path.Combine(folder, path), null);

        // Beside expected/latest there may be the content of other versions.
        string versions = Path.Combine(folder, path.Split('/')[0]);
        foreach (string at in Directory.EnumerateDirectories(versions).Where(d => VersionFolder().IsMatch(Path.GetFileName(d))))
        {
            string content = Path.Combine(at, "table_content");
            await CompareParquetAsync(golden, table, Directory.Exists(content) ? content : at, long.Parse(Path.GetFileName(at)[1..]));
        }
    }

    private static async Task CompareParquetAsync(GoldenTable golden, DeltaTable table, string folder, long? version)
    {
        Schema schema = version is { } at ? (await table.SnapshotAtAsync(at)).Schema : table.CurrentSnapshot.Schema;
        (IReadOnlyList<string> columns, IReadOnlyList<JsonElement> rows) = ExpectedParquet.Read(folder) ?? (TableRows.StoredNames(schema), []);
        columns.Should().BeEquivalentTo(TableRows.StoredNames(schema), "these are the columns of {0}", folder);
        List<string> compared = [.. TableRows.Names(schema).Except(KnownWrong.Columns(golden.Id))];
        RowBag read = RowBag.Of(await TableRows.ReadAsync(table.ReadAsync(new ReadOptions { Version = version })), compared);
        read.DifferenceFrom(ExpectedRows.OfObjects(rows, schema, compared)).Should().BeNull("version {0} is in {1}", version, folder);
    }

    private static async Task ComparePrintsAsync(GoldenTable golden, DeltaTable table, string folder)
    {
        string[] files = Directory.GetFiles(Path.Combine(folder, Json.Text(golden.Expected, "path") ?? "expected_ascii"));
        files.Should().NotBeEmpty();
        foreach (string file in files)
        {
            PrintedTable print = PrintedTable.Read(file);
            Filter? filter = Predicate.Of(golden, Path.GetFileNameWithoutExtension(file));
            if (print.IsChanges)
            {
                await CompareChangesAsync(table, print);
            }
            else if (filter is not null)
            {
                await CompareFilteredAsync(table, print, filter);
            }
            else
            {
                RowBag expected = ExpectedRows.OfPrint(print, table.CurrentSnapshot.Schema);
                Printed(await TableRows.ReadAsync(table.ReadAsync()), print).DifferenceFrom(expected).Should().BeNull("that is printed in {0}", file);
            }
        }
    }

    private static async Task CompareChangesAsync(DeltaTable table, PrintedTable print)
    {
        (long from, long to) = print.Versions(table.CurrentSnapshot.Version);
        List<RecordBatch> changes = await TableRows.ReadAsync(table.ReadChangesAsync(from, to));
        Schema schema = changes.Count > 0 ? changes[0].Schema : table.CurrentSnapshot.Schema;
        Printed(changes, print).DifferenceFrom(ExpectedRows.OfPrint(print, schema)).Should().BeNull("these are the changes {0} to {1}", from, to);
    }

    /// <summary>The engine that printed the tables skips files and keeps all rows of the others. A row filter keeps no more than that.</summary>
    private static async Task CompareFilteredAsync(DeltaTable table, PrintedTable print, Filter filter)
    {
        RowBag expected = ExpectedRows.OfPrint(print, table.CurrentSnapshot.Schema);
        Printed(await TableRows.OfKeptFilesAsync(table, filter), print).DifferenceFrom(expected).Should().BeNull("files are skipped by {0}", filter);
        RowBag filtered = Printed(await TableRows.ReadAsync(table.ReadAsync(new ReadOptions { Filter = filter })), print);
        filtered.IsWithin(expected).Should().BeTrue("rows that a filter keeps lie in files that are not skipped");
    }

    private static RowBag Printed(List<RecordBatch> batches, PrintedTable print) => RowBag.Of(batches, print.Columns, CellMode.Printed);

    private static async Task CompareInlineAsync(GoldenTable golden, DeltaTable table)
    {
        IReadOnlyList<string>? columns = Json.Items(golden.Expected, "columns")?.Select(c => c.GetString()!).ToList();
        await CompareRowsAsync(Json.Get(golden.Expected, "rows"), columns, table, null);
        await CompareRowsAsync(Json.Get(golden.Expected, "row_count"), columns, table, null);
        if (Json.Get(golden.Expected, "versions") is { ValueKind: JsonValueKind.Object } versions)
        {
            foreach (JsonProperty version in versions.EnumerateObject())
            {
                await CompareRowsAsync(version.Value, columns, table, long.Parse(version.Name.TrimStart('v')));
            }
        }

        foreach ((long? version, IReadOnlyList<long> numbers) in NumberRule.Parse(Json.Text(golden.Expected, "rule") ?? "") ?? [])
        {
            await CompareAsync(table, version, schema => ExpectedRows.OfNumbers(numbers, schema));
        }

        if (golden.Rows is { } rows)
        {
            (await TableRows.AllAsync(table)).Count.Should().Be((int)rows);
        }
    }

    /// <summary>Rows are told one by one, or as a number.</summary>
    private static async Task CompareRowsAsync(JsonElement told, IReadOnlyList<string>? columns, DeltaTable table, long? version)
    {
        if (told.ValueKind == JsonValueKind.Array)
        {
            await CompareAsync(table, version, schema => ExpectedRows.OfManifest(told, schema, columns));
        }
        else if (told.ValueKind == JsonValueKind.Number)
        {
            (await TableRows.AllAsync(table, version)).Count.Should().Be(told.GetInt32(), "that is the number of rows of version {0}", version);
        }
    }

    private static async Task CompareAsync(DeltaTable table, long? version, Func<Schema, RowBag> told)
    {
        RowBag expected = told((version is { } at ? await table.SnapshotAtAsync(at) : table.CurrentSnapshot).Schema);
        RowBag read = RowBag.Of(await TableRows.ReadAsync(table.ReadAsync(new ReadOptions { Version = version })), expected.Columns);
        read.DifferenceFrom(expected).Should().BeNull("these are the rows of version {0}", version);
    }

    [GeneratedRegex(@"^v\d+$")]
    private static partial Regex VersionFolder();
}
