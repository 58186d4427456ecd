using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Conformance.Tests.Showcase;

/// <summary>
/// Writes one table per feature into a folder: <c>{name}/delta</c> the table, <c>{name}/expected</c> its rows as Parquet, and over all of them a
/// <c>manifest.json</c> and a <c>tables.tar.gz</c>, so that the folder is a set as the golden tests run it.
/// </summary>
internal static class ShowcaseWriter
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static IReadOnlyList<ShowcaseTable> Tables => [.. ShowcaseTables.All, .. ShowcaseSchemas.All];

    /// <returns>The names of the tables.</returns>
    /// <exception cref="IOException">The folder is not empty.</exception>
    public static async Task<IReadOnlyList<string>> WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"'{folder}' is not empty.");
        }

        JsonArray entries = [];
        foreach (ShowcaseTable entry in Tables)
        {
            (DeltaTable table, IReadOnlyList<RecordBatch> rows) = await entry.WriteAsync(Path.Combine(folder, entry.Name, "delta"));
            LocalTableStorage expected = new(Path.Combine(folder, entry.Name, "expected"));
            await ParquetFiles.WriteAsync(expected, "rows.parquet", rows[0].Schema, rows, CancellationToken.None);
            entries.Add(Describe(entry, table, rows.Sum(static batch => batch.Length)));
        }

        await ArchiveAsync(folder);
        JsonObject manifest = new() { ["about"] = "Tables written by Lakehouse.Incremental, one per feature, with the rows they hold", ["tables"] = entries };
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest.ToJsonString(s_indented));
        return [.. Tables.Select(static table => table.Name)];
    }

    private static JsonObject Describe(ShowcaseTable entry, DeltaTable table, int rows)
    {
        ProtocolAction protocol = table.CurrentSnapshot.Protocol;
        IEnumerable<string> features = (protocol.ReaderFeatures ?? []).Union(protocol.WriterFeatures ?? [], StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new JsonObject
        {
            ["id"] = entry.Name,
            ["expected"] = new JsonObject { ["kind"] = "parquet", ["path"] = "expected" },
            ["rows"] = rows,
            ["latest_version"] = table.CurrentSnapshot.Version,
            ["live_files"] = table.CurrentSnapshot.FileCount,
            ["protocol"] = new JsonArray(protocol.MinReaderVersion, protocol.MinWriterVersion),
            ["features"] = new JsonArray([.. features.Select(static feature => (JsonNode)feature)]),
            ["expected_write_error"] = table.CurrentSnapshot.TableProperties.AppendOnly,
            ["dir"] = entry.Name,
            ["table_path"] = $"{entry.Name}/delta",
        };
    }

    private static async Task ArchiveAsync(string folder)
    {
        await using FileStream file = File.Create(Path.Combine(folder, "tables.tar.gz"));
        await using GZipStream zip = new(file, CompressionLevel.Optimal);
        await using TarWriter tar = new(zip);
        foreach (ShowcaseTable table in Tables)
        {
            foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, table.Name), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                await tar.WriteEntryAsync(path, Path.GetRelativePath(folder, path).Replace('\\', '/'));
            }
        }
    }
}
