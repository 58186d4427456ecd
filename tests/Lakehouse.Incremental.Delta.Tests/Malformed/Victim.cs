using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>A small sound table: its files, and what a reader finds in it.</summary>
internal sealed class Victim
{
    private readonly (string Path, byte[] Content)[] _files;

    private Victim(string name, bool pagesChecked, (string Path, byte[] Content)[] files)
    {
        Name = name;
        PagesChecked = pagesChecked;
        _files = files;
    }

    public string Name { get; }

    /// <summary>Whether its Parquet files have checksums.</summary>
    public bool PagesChecked { get; }

    public IReadOnlyList<(string Path, byte[] Content)> Files => _files;

    public Findings Sound { get; private set; } = Findings.None;

    public static async Task<Victim> OfAsync(string name, ITableStorage storage, bool pagesChecked)
    {
        List<(string, byte[])> files = [];
        await foreach (StoredFile file in storage.ListAsync(""))
        {
            files.Add((file.Path, await storage.ReadAsync(file.Path)));
        }

        Victim victim = new(name, pagesChecked, [.. files]);
        victim.Sound = await victim.ReadAsync(null, CancellationToken.None);
        return victim;
    }

    /// <summary>Opens the table with one file damaged and reads what there is to read.</summary>
    public async Task<Findings> ReadAsync(Mutation? mutation, CancellationToken cancellationToken)
    {
        InMemoryTableStorage storage = new();
        foreach ((string path, byte[] content) in _files)
        {
            byte[]? now = mutation?.Path == path ? mutation.Content : content;
            if (now is not null)
            {
                await storage.PutAsync(path, now, cancellationToken);
            }
        }

        DeltaTable table = await DeltaTable.OpenAsync(storage, null, cancellationToken);
        UInt128[] rows = await DigestAsync(table.ReadAsync(new ReadOptions(), cancellationToken));
        (string? trouble, UInt128[] changes) = await ChangesAsync(table, cancellationToken);
        await TouchAsync(table, cancellationToken);
        return new Findings(rows, changes, trouble);
    }

    // The rows are sound even when their changes are not: what a reader of rows gets is judged for itself.
    private static async Task<(string? Trouble, UInt128[] Changes)> ChangesAsync(DeltaTable table, CancellationToken cancellationToken)
    {
        try
        {
            return (null, await DigestAsync(table.ReadChangesAsync(1, Math.Max(table.CurrentSnapshot.Version, 1), cancellationToken)));
        }
        catch (LakehouseException error)
        {
            return (error.ErrorCode, []);
        }
    }

    private static async Task TouchAsync(DeltaTable table, CancellationToken cancellationToken)
    {
        try
        {
            _ = table.CurrentSnapshot.RowCount;
            Filter filter = Filter.Column("id").GreaterThan(5L);
            await foreach (RecordBatch batch in table.ReadAsync(new ReadOptions { Filter = filter }, cancellationToken))
            {
                batch.Length.Should().BeGreaterThan(0);
            }

            await table.HistoryAsync(null, cancellationToken);
        }
        catch (LakehouseException)
        {
            // As good an end as any.
        }
    }

    private static async Task<UInt128[]> DigestAsync(IAsyncEnumerable<RecordBatch> batches)
    {
        List<UInt128> digests = [];
        await foreach (RecordBatch batch in batches)
        {
            int[] columns = [.. Enumerable.Range(0, batch.ColumnCount).Where(i => batch.Schema.GetFieldByIndex(i).Name != "_commit_timestamp")];
            digests.AddRange(RowDigest.Compute(batch, columns, DigestDomain.Event));
        }

        digests.Sort();
        return [.. digests];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({_files.Length} files, {Sound.Rows.Count} rows)");
}
