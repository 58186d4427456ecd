using System.Text.Json;
using System.Text.RegularExpressions;
using Apache.Arrow;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.Golden;

/// <summary>Tables of other engines read as a dumper reads them that shares no code with this library, at every version it dumped.</summary>
[Collection(GoldenCollection.Name)]
public sealed partial class GoldenDumpTests(GoldenSet set)
{
    [GoldenTheory(GoldenPart.Derived)]
    [GoldenTables]
    public async Task Rows_are_those_of_the_independent_dump(GoldenCase table)
    {
        GoldenTable golden = table.Table;
        DeltaTable opened = await set.OpenAsync(golden);
        string[] dumps = Directory.GetFiles(set.Below(golden.DerivedPath), "rows*.jsonl");
        dumps.Should().NotBeEmpty("the manifest names a dump");
        foreach (string dump in dumps)
        {
            Match name = DumpName().Match(Path.GetFileName(dump));
            name.Success.Should().BeTrue("{0} should be the dump of a version", dump);
            long? version = name.Groups["version"] is { Success: true } at ? long.Parse(at.Value) : null;
            await CompareAsync(opened, version, ReadDump(dump));
        }
    }

    private static async Task CompareAsync(DeltaTable table, long? version, List<JsonElement> dump)
    {
        Schema schema = version is { } at ? (await table.SnapshotAtAsync(at)).Schema : table.CurrentSnapshot.Schema;
        IReadOnlyList<string> columns = TableRows.Names(schema);
        if (dump.Count > 0)
        {
            dump[0].EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(columns, "these are the columns of version {0}", version);
        }

        RowBag read = await TableRows.AllAsync(table, version);
        read.DifferenceFrom(ExpectedRows.OfObjects(dump, schema, columns)).Should().BeNull("version {0} was dumped", version);
    }

    private static List<JsonElement> ReadDump(string file)
    {
        List<JsonElement> rows = [];
        foreach (string line in File.ReadLines(file).Where(line => line.Length > 0))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            rows.Add(row.RootElement.Clone());
        }

        return rows;
    }

    [GeneratedRegex(@"^rows(\.v(?<version>\d+))?\.jsonl$", RegexOptions.ExplicitCapture)]
    private static partial Regex DumpName();
}
