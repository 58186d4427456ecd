using System.Text.Json;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>The extracted tables: unpacked once for all tests when the first needs them, deleted after the last.</summary>
public sealed class GoldenSet : IDisposable
{
    private readonly Lazy<string> _root = new(Extract);

    internal string Root => _root.Value;

    public void Dispose()
    {
        if (_root.IsValueCreated)
        {
            Directory.Delete(_root.Value, recursive: true);
        }
    }

    internal static GoldenTable Table(string id) => GoldenFolder.Tables.Single(table => table.Id == id);

    internal string PathOf(GoldenTable table) => Below(table.TablePath);

    /// <summary>A path below the root of the set.</summary>
    internal string Below(string path) => Path.GetFullPath(Path.Combine(Root, path));

    /// <summary>Opens a table as it lies in the set. It must not be written to.</summary>
    internal Task<DeltaTable> OpenAsync(GoldenTable table) => DeltaTable.OpenAsync(PathOf(table), Options(table));

    /// <summary>What the table needs: only one whose log names absolute paths may read outside of its folder, and there alone.</summary>
    internal DeltaTableOptions Options(GoldenTable table) =>
        table.Companion is null && table.Template.ValueKind != JsonValueKind.Object
            ? new()
            : new() { AllowedRoots = [PathOf(table.Companion is { } id ? Table(id) : table)] };

    /// <summary>A copy that may be written to; the caller deletes it.</summary>
    internal string Copy(GoldenTable table)
    {
        string source = PathOf(table);
        string copy = Directory.CreateTempSubdirectory("golden-copy-").FullName;
        foreach (string file in Directory.EnumerateFiles(source, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(file));
        }

        return copy;
    }

    private static string Extract()
    {
        string root = Directory.CreateTempSubdirectory("golden-").FullName;
        using (FileStream archive = File.OpenRead(GoldenFolder.ArchivePath))
        {
            TarExtraction.Extract(archive, root);
        }

        foreach (GoldenTable table in GoldenFolder.Tables)
        {
            LogTemplate.Fill(table, root);
        }

        return root;
    }
}
