using System.Text.Json;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>Where the set of public tables lies, and what its manifest says. Read when tests are discovered, before anything is extracted.</summary>
internal static class GoldenFolder
{
    public const string Variable = "LAKEHOUSE_GOLDEN";

    private static readonly Lazy<IReadOnlyList<GoldenTable>> s_tables = new(ReadManifest);

    /// <summary>The folder named by the environment, else the one beside the repository; null when that place is not known.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : BesideTheRepository();

    /// <summary>Why the tests cannot run; null when they can.</summary>
    public static string? SkipReason { get; } =
        Path is null ? $"No folder of golden tables: {Variable} is not set, and no repository lies around the tests."
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
        JsonElement tables = manifest.RootElement.ValueKind == JsonValueKind.Array ? manifest.RootElement : manifest.RootElement.GetProperty("tables");
        return [.. tables.EnumerateArray().Select(table => new GoldenTable(table.Clone()))];
    }

    private static string? BesideTheRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Lakehouse.Incremental.sln")))
            {
                return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "golden"));
            }
        }

        return null;
    }
}
