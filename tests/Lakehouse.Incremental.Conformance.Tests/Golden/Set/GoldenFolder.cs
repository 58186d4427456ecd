using System.Text.Json;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>Where the set of public tables lies, and what its manifest says. Read when tests are discovered, before anything is extracted.</summary>
internal static class GoldenFolder
{
    public const string Variable = "LAKEHOUSE_GOLDEN";

    private const string BesideTheRepository = "../shared/golden";

    private static readonly Lazy<IReadOnlyList<GoldenTable>> s_tables = new(ReadManifest);

    /// <summary>The folder named by the environment, else the one beside the repository; null when that place is not known.</summary>
    public static string? Path { get; } =
        Resolve(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : BesideTheRepository);

    /// <summary>Why the tests cannot run; null when they can.</summary>
    public static string? SkipReason { get; } =
        Path is null ? $"No folder of golden tables: {Variable} is no absolute path, and no repository lies around the tests."
        : !File.Exists(ManifestPath) ? $"No golden tables: '{Path}' holds no manifest.json. Name another folder by {Variable}."
        : !File.Exists(ArchivePath) ? $"No golden tables: '{Path}' holds no tables.tar.gz. Name another folder by {Variable}."
        : null;

    public static string ArchivePath => System.IO.Path.Combine(Path!, "tables.tar.gz");

    /// <summary>All tables of the manifest, in its order; empty when there is no set.</summary>
    public static IReadOnlyList<GoldenTable> Tables => s_tables.Value;

    private static string ManifestPath => System.IO.Path.Combine(Path!, "manifest.json");

    private static IReadOnlyList<GoldenTable> ReadManifest()
    {
        if (SkipReason is not null)
        {
            return [];
        }

        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(ManifestPath));
        JsonElement root = manifest.RootElement;
        JsonElement tables = root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("tables");
        return [.. tables.EnumerateArray().Select(table => new GoldenTable(table.Clone()))];
    }

    /// <summary>A relative path starts at the root of the repository, as tests run in a folder of their own.</summary>
    private static string? Resolve(string path)
    {
        if (System.IO.Path.IsPathFullyQualified(path))
        {
            return path;
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Lakehouse.Incremental.sln")))
        {
            folder = folder.Parent;
        }

        return folder is null ? null : System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, path));
    }
}
