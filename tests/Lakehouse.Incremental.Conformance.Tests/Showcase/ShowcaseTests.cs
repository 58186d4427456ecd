using System.Text.Json;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.Showcase;

/// <summary>What the showcase says a table holds, read by DuckDB, is what the table holds.</summary>
public sealed class ShowcaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("showcase-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_table_holds_the_rows_beside_it()
    {
        IReadOnlyList<string> names = await ShowcaseWriter.WriteAsync(Path.Combine(_folder, "set"));
        names.Should().HaveCountGreaterThan(20).And.OnlyHaveUniqueItems();
        foreach (string name in names)
        {
            DeltaTable table = await DeltaTable.OpenAsync(Path.Combine(_folder, "set", name, "delta"));
            (IReadOnlyList<string> columns, IReadOnlyList<JsonElement> rows) = ExpectedParquet.Read(Path.Combine(_folder, "set", name, "expected"))!.Value;
            columns.Should().BeEquivalentTo(TableRows.Names(table.CurrentSnapshot.Schema), "these are the columns of {0}", name);
            RowBag read = RowBag.Of(await TableRows.ReadAsync(table.ReadAsync()), columns);
            read.DifferenceFrom(ExpectedRows.OfObjects(rows, table.CurrentSnapshot.Schema, [.. columns])).Should().BeNull("that is the table {0}", name);
        }

        using JsonDocument manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "set", "manifest.json")));
        manifest.RootElement.GetProperty("tables").GetArrayLength().Should().Be(names.Count);
        File.Exists(Path.Combine(_folder, "set", "tables.tar.gz")).Should().BeTrue();
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_left_alone()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "mine"), "");
        await FluentActions.Awaiting(() => ShowcaseWriter.WriteAsync(_folder)).Should().ThrowAsync<IOException>();
        Directory.EnumerateFileSystemEntries(_folder).Should().ContainSingle();
    }
}
