using System.Text.Json;
using Apache.Arrow;
using Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Conformance.Tests.Golden;

/// <summary>The state of other engines' tables is what the manifest tells: version, files, protocol, transactions.</summary>
[Collection(GoldenCollection.Name)]
public sealed class GoldenSnapshotTests(GoldenSet set)
{
    private const string ModificationTime = "_modificationTime";

    [GoldenTheory(GoldenPart.Readable)]
    [GoldenTables]
    public async Task The_snapshot_is_as_told(GoldenCase table)
    {
        GoldenTable golden = table.Table;
        Snapshot snapshot = (await set.OpenAsync(golden)).CurrentSnapshot;
        CheckVersion(golden, snapshot);
        CheckFiles(golden, snapshot);
        CheckProtocol(golden, snapshot);
        foreach ((string application, long version) in golden.Transactions)
        {
            snapshot.TransactionVersion(application).Should().Be(version, "that is the last transaction of {0}", application);
        }
    }

    [GoldenTheory(GoldenPart.Rows)]
    [GoldenTables]
    public async Task The_metadata_of_each_version_is_as_told(GoldenCase table)
    {
        GoldenTable golden = table.Table;
        DeltaTable opened = await set.OpenAsync(golden);
        opened.CurrentSnapshot.Version.Should().Be(golden.LatestVersion ?? opened.CurrentSnapshot.Version);
        foreach (string file in Directory.GetFiles(set.Below(golden.Folder), "table_version_metadata.json", SearchOption.AllDirectories))
        {
            using JsonDocument told = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            Snapshot snapshot = await opened.SnapshotAtAsync(told.RootElement.GetProperty("version").GetInt64());
            snapshot.Protocol.MinReaderVersion.Should().Be(told.RootElement.GetProperty("min_reader_version").GetInt32(), "{0}", file);
            snapshot.Protocol.MinWriterVersion.Should().Be(told.RootElement.GetProperty("min_writer_version").GetInt32(), "{0}", file);
            Dictionary<string, string> properties = told.RootElement.GetProperty("properties").EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.ToString());
            snapshot.Properties.Should().BeEquivalentTo(properties, "{0}", file);
        }
    }

    [GoldenTheory(GoldenPart.Readable)]
    [GoldenTables]
    public async Task Columns_have_the_types_of_the_log(GoldenCase table)
    {
        DeltaTable opened = await set.OpenAsync(table.Table);
        using JsonDocument schema = JsonDocument.Parse(opened.CurrentSnapshot.Metadata.SchemaString);
        LogTypes.Of(opened.CurrentSnapshot.Schema.FieldsList).Should().Equal(LogTypes.Of(schema.RootElement));
        if (table.Table.HasRows)
        {
            foreach (RecordBatch batch in await TableRows.ReadAsync(opened.ReadAsync()))
            {
                LogTypes.Of(batch.Schema.FieldsList).Should().Equal(LogTypes.Of(schema.RootElement));
            }
        }
    }

    [GoldenTheory(GoldenPart.Readable)]
    [GoldenTables]
    public async Task Each_version_is_found_by_the_time_of_its_commit(GoldenCase table)
    {
        DeltaTable opened = await set.OpenAsync(table.Table);
        IReadOnlyList<TableVersion> history = await opened.HistoryAsync();
        foreach (TableVersion version in history)
        {
            (await opened.VersionAtAsync(version.Timestamp)).Should().Be(version.Version);
        }

        history[0].Version.Should().Be(opened.CurrentSnapshot.Version);
    }

    private static void CheckVersion(GoldenTable golden, Snapshot snapshot)
    {
        foreach (long version in new[] { golden.LatestVersion, Json.Number(golden.Expected, "version") }.OfType<long>())
        {
            snapshot.Version.Should().Be(version);
        }
    }

    private static void CheckFiles(GoldenTable golden, Snapshot snapshot)
    {
        foreach (long count in new[] { golden.LiveFiles, Json.Number(golden.Expected, "live_files") }.OfType<long>())
        {
            snapshot.FileCount.Should().Be((int)count);
        }

        IEnumerable<string> paths = snapshot.Files.Select(f => DataFilePath.Decode(f.Path));
        if (Json.Items(golden.Expected, "live_paths") is { } live)
        {
            paths.Should().BeEquivalentTo(live.Select(p => p.GetString()));
        }

        if (Json.Text(golden.Expected, "decoded_file_name") is { } name)
        {
            paths.Should().Contain(name);
        }

        foreach (JsonProperty told in Fields(golden.Expected).Where(p => p.Name.EndsWith(ModificationTime, StringComparison.Ordinal)))
        {
            snapshot.TryGetFile(told.Name[..^ModificationTime.Length], out AddFile? file).Should().BeTrue();
            file!.ModificationTime.Should().Be(told.Value.GetInt64());
        }

        if (golden.Rows is { } rows && snapshot.RowCount is { } counted)
        {
            counted.Should().Be(rows, "that is the sum of the files' statistics without the deleted rows");
        }
    }

    private static void CheckProtocol(GoldenTable golden, Snapshot snapshot)
    {
        if (golden.Protocol is { } protocol)
        {
            ((long)snapshot.Protocol.MinReaderVersion, (long)snapshot.Protocol.MinWriterVersion).Should().Be(protocol);
        }

        if (golden.Features is { } features)
        {
            IEnumerable<string> listed = (snapshot.Protocol.ReaderFeatures ?? []).Concat(snapshot.Protocol.WriterFeatures ?? []).Distinct();
            listed.Should().BeEquivalentTo(features);
        }
    }

    private static IEnumerable<JsonProperty> Fields(JsonElement value) => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : [];
}
