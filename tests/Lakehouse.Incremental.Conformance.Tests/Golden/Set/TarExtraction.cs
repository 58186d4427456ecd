using System.Formats.Tar;
using System.IO.Compression;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>Unpacks a compressed archive whose entries must all lie inside the target folder; links are refused.</summary>
internal static class TarExtraction
{
    /// <exception cref="InvalidDataException">An entry would leave the folder, or is a link or device.</exception>
    public static void Extract(Stream archive, string folder)
    {
        using GZipStream unzipped = new(archive, CompressionMode.Decompress, leaveOpen: true);
        using TarReader reader = new(unzipped);
        while (reader.GetNextEntry() is { } entry)
        {
            string target = Target(folder, entry.Name);
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    Directory.CreateDirectory(target);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    WriteFile(entry, target);
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw new InvalidDataException(
                        $"The archive holds '{entry.Name}', which is a {entry.EntryType}; only files and folders are unpacked.");
            }
        }
    }

    private static string Target(string folder, string name)
    {
        string[] steps = name.Split('/');
        if (Path.IsPathRooted(name) || name.Contains('\\', StringComparison.Ordinal) || steps.Contains("..", StringComparer.Ordinal))
        {
            throw new InvalidDataException($"The archive holds '{name}', which points outside of the folder it is unpacked to.");
        }

        return Path.Combine([folder, .. steps.Where(step => step is not ("" or "."))]);
    }

    private static void WriteFile(TarEntry entry, string target)
    {
        using (FileStream file = new(target, FileMode.CreateNew, FileAccess.Write))
        {
            entry.DataStream?.CopyTo(file);
        }

        File.SetLastWriteTimeUtc(target, entry.ModificationTime.UtcDateTime);
    }
}
