using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>Replaces the token in logs that name files by absolute paths with where these files now lie.</summary>
internal static partial class LogTemplate
{
    public static void Fill(GoldenTable table, string root)
    {
        JsonElement template = table.Template;
        if (Json.Text(template, "token") is not { } token)
        {
            return;
        }

        string target = table.Companion is { } id ? GoldenSet.Table(id).TablePath : table.TablePath;
        string absolute = Path.GetFullPath(Path.Combine(root, target)).Replace('\\', '/');
        string value = Placeholder().Replace(Json.Text(template, "replace_with") ?? "<path>", _ => absolute);
        IEnumerable<string> several = (Json.Items(template, "files") ?? []).Select(file => file.GetString()!);
        foreach (string name in Json.Text(template, "file") is { } one ? [one] : several)
        {
            string path = Path.Combine(root, table.TablePath, name);
            DateTime modified = File.GetLastWriteTimeUtc(path);
            File.WriteAllText(path, File.ReadAllText(path).Replace(token, value, StringComparison.Ordinal));
            File.SetLastWriteTimeUtc(path, modified);
        }
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Placeholder();
}
