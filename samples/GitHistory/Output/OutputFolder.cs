using System.Text.Json;

namespace GitHistory.Output;

/// <summary>
/// The folder of the tables, held exclusively until disposed. A marker file says which stream of events the tables hold, so that a later run goes
/// on with the same stream or says why it cannot.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private const string LockName = "git-history.lock";
    private const string MarkerName = "git-history.json";
    private const string DraftName = "git-history.json.new";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly FileStream _lock;

    private OutputFolder(string path, FileStream held, Marker? marker)
    {
        Path = path;
        _lock = held;
        Marker = marker;
    }

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>What an earlier run wrote; null in a new folder.</summary>
    public Marker? Marker { get; private set; }

    /// <summary>Takes the folder, creating it when it is not there.</summary>
    /// <exception cref="UsageException">The folder is in use, holds something else, or cannot be written.</exception>
    public static OutputFolder Open(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (File.Exists(full))
        {
            throw new UsageException($"The output {full} is a file, not a folder.");
        }

        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(full);
            Check(full);
            held = Lock(full);
            Check(full);
            OutputFolder folder = new(full, held, Read(full));
            held = null;
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output folder {full} cannot be written: {exception.Message}", exception);
        }
        finally
        {
            held?.Dispose();
        }
    }

    /// <summary>Writes the marker, whole or not at all.</summary>
    public void Write(Marker marker)
    {
        string draft = System.IO.Path.Combine(Path, DraftName);
        using (FileStream stream = new(draft, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, marker, Json);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, System.IO.Path.Combine(Path, MarkerName), overwrite: true);
        Marker = marker;
    }

    /// <summary>Lets the folder go. The lock file stays: removing it would let two runs hold "the" lock.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new UsageException($"The output folder {folder} is in use by another run.", exception);
        }
    }

    private static void Check(string folder)
    {
        bool foreign = !File.Exists(System.IO.Path.Combine(folder, MarkerName))
            && Directory.EnumerateFileSystemEntries(folder).Select(System.IO.Path.GetFileName).Any(name => name is not (LockName or DraftName));
        if (foreign)
        {
            throw new UsageException($"The output folder {folder} holds something else: empty it or name another one with --output.");
        }
    }

    private static Marker? Read(string folder)
    {
        string path = System.IO.Path.Combine(folder, MarkerName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            Marker? marker = JsonSerializer.Deserialize<Marker>(stream, Json);
            if (marker is { Format: Marker.CurrentFormat, Repository: not null, LastCommit: not null })
            {
                return marker;
            }
        }
        catch (JsonException exception)
        {
            throw new UsageException($"The output folder {folder} holds something else: its {MarkerName} was not written by this tool.", exception);
        }

        throw new UsageException($"The output folder {folder} was written by another version of this tool: name another one with --output.");
    }
}
