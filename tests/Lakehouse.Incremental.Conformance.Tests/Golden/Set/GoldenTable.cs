using System.Text.Json;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>One table of the manifest. Every field but the id may be missing.</summary>
internal sealed class GoldenTable(JsonElement entry)
{
    public string Id { get; } = entry.GetProperty("id").GetString()!;

    /// <summary>What the table must read as; an undefined element when the manifest does not tell.</summary>
    public JsonElement Expected { get; } = Json.Get(entry, "expected");

    /// <summary><c>parquet</c>, <c>ascii</c>, <c>inline</c>, <c>derived</c>, <c>state</c> or <c>error</c>.</summary>
    public string Kind => Json.Text(Expected, "kind") ?? (Json.Flag(entry, "expected_error") ? "error" : "derived");

    /// <summary>Whether reading must be refused.</summary>
    public bool IsError => (Kind == "error" || Json.Flag(entry, "expected_error")) && !IsRefusedForWriting;

    /// <summary>Whether the table can be read, but not every write is allowed.</summary>
    public bool IsWriteError => Json.Flag(entry, "expected_write_error") || IsRefusedForWriting;

    /// <summary>Tables whose data files are part of the set. Of the others only the log is.</summary>
    public bool HasRows => !IsError && (Rows is not null || Kind is "parquet" or "ascii" or "inline" or "derived");

    public string Notes => Json.Text(entry, "notes") ?? "";

    public long? Rows => Json.Number(entry, "rows");

    public long? LatestVersion => Json.Number(entry, "latest_version");

    public long? LiveFiles => Json.Number(entry, "live_files");

    /// <summary>Least reader and writer version; null when the manifest does not tell.</summary>
    public (long Reader, long Writer)? Protocol =>
        Json.Items(entry, "protocol") is [var reader, var writer] ? (reader.GetInt64(), writer.GetInt64()) : null;

    /// <summary>The features listed for readers and writers together; null when the manifest does not tell.</summary>
    public IReadOnlyList<string>? Features => Json.Items(entry, "features")?.Select(f => f.GetString()!).ToList();

    /// <summary>By the protocol: the feature, or a writer version that implies it.</summary>
    public bool MayRecordChanges => Features?.Contains("changeDataFeed") == true || Protocol is { Writer: >= 4 and <= 6 };

    private bool IsRefusedForWriting => Json.Text(Expected, "on") is "write" or "append";

    /// <summary>Application to transaction version, from either place the manifest has for it.</summary>
    public IReadOnlyDictionary<string, long> Transactions =>
        new[] { Json.Get(entry, "txn"), Json.Get(Expected, "txn") }
            .Where(txn => txn.ValueKind == JsonValueKind.Object)
            .SelectMany(txn => txn.EnumerateObject())
            .DistinctBy(app => app.Name)
            .ToDictionary(app => app.Name, app => app.Value.GetInt64());

    /// <summary>Another table whose files this one points to.</summary>
    public string? Companion => Json.Text(entry, "companion");

    /// <summary>Where a token of the log is to be replaced by an absolute path before the table is read.</summary>
    public JsonElement Template => Json.Get(entry, "template");

    /// <summary>The folder of the table and its expectations, below the root of the set.</summary>
    public string Folder => Json.Text(entry, "dir") ?? Id;

    /// <summary>The root of the Delta table, below the root of the set.</summary>
    public string TablePath => Json.Text(entry, "table_path") ?? Folder + "/delta";

    /// <summary>Whether the set has an independent dump of the rows.</summary>
    public bool HasDump => Kind == "derived" || Json.Text(entry, "derived") is not null;

    /// <summary>The folder of the independent dump, below the root of the set.</summary>
    public string DerivedPath => Json.Text(entry, "derived") ?? Folder + "/derived";

    public override string ToString() => Id;
}
