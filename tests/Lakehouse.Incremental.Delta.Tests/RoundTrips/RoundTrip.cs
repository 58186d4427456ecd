using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>One table through a random life, beside a model of each of its versions. The same numbers make the same life.</summary>
internal sealed class RoundTrip
{
    private readonly List<string> _script = [];
    private readonly List<ModelTable> _versions = [];
    private readonly ITableStorage _storage;

    public RoundTrip(int seed, int number, ITableStorage storage)
    {
        Random = new Random(unchecked((seed * 1_000_003) + number));
        _storage = storage;
        _script.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, case {number}"));
    }

    public Random Random { get; }

    public DeltaTable Table { get; set; } = null!;

    public TableTraits Traits { get; private set; } = null!;

    public ModelTable Now => _versions[^1];

    public IReadOnlyList<ModelTable> Versions => _versions;

    public long NextId { get; set; }

    public int NextColumn { get; set; }

    public string Script => string.Join("\n  ", _script);

    public async Task RunAsync(int steps)
    {
        Traits = TableTraits.Next(this);
        Say("create " + Traits);
        ModelTable empty = new(Traits.Columns, []);
        DeltaTableOptions options = Options();
        Table = await DeltaTable.CreateAsync(_storage, empty.Schema, Traits.Create(), options);
        _versions.Add(empty);
        for (int i = 0; i < steps; i++)
        {
            ModelTable expected = await RoundTripSteps.NextAsync(this);
            Accept(expected);
            await CheckAsync(Table, null, expected);
            int some = Random.Next(_versions.Count);
            await CheckAsync(Table, some, _versions[some]);
        }

        Say("reopen and read all versions");
        Table = await ReopenAsync();
        await CheckAsync(Table, null, Now);
        for (int version = 0; version < _versions.Count; version++)
        {
            await CheckAsync(Table, version, _versions[version]);
        }

        if (Traits.ChangeDataFeed)
        {
            await CheckChangesAsync();
        }
    }

    public Task<DeltaTable> ReopenAsync() => DeltaTable.OpenAsync(_storage, Options());

    public void Say(string step) => _script.Add(step);

    // An operation that changes nothing may make no version; one that makes a version makes one.
    private void Accept(ModelTable expected)
    {
        long version = Table.CurrentSnapshot.Version;
        if (version == _versions.Count - 1)
        {
            expected.Texts.Should().Equal(Now.Texts, "no version was made");
            expected.Columns.Select(static column => column.ToString()).Should().Equal(Now.Columns.Select(static column => column.ToString()));
        }
        else
        {
            version.Should().Be(_versions.Count, "one version was made");
            _versions.Add(expected);
        }
    }

    private static async Task CheckAsync(DeltaTable table, int? version, ModelTable expected)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync(new ReadOptions { Version = version }))
        {
            batch.Schema.FieldsList.Select(static field => field.Name).Should().Equal(expected.Columns.Select(static column => column.Name));
            rows.AddRange(DataFiles.Cells.Rows(batch));
        }

        rows.Sort(StringComparer.Ordinal);
        rows.Should().Equal(expected.Texts, $"that is version {version}");
        if (version is null)
        {
            table.CurrentSnapshot.RowCount.Should().Be(expected.Rows.Count);
        }
    }

    // What a version changed leads from the rows of the one before to its own, where both have the same columns.
    private async Task CheckChangesAsync()
    {
        for (int version = 1; version < _versions.Count; version++)
        {
            ModelTable before = _versions[version - 1];
            ModelTable after = _versions[version];
            if (!before.Columns.SequenceEqual(after.Columns))
            {
                continue;
            }

            List<string> rows = [.. before.Texts];
            await foreach (RecordBatch batch in Table.ReadChangesAsync(version, version))
            {
                RecordBatch data = new(after.Schema, batch.Arrays.Take(after.Columns.Count), batch.Length);
                StringArray kinds = (StringArray)batch.Column("_change_type");
                foreach ((string text, int row) in DataFiles.Cells.Rows(data).Select(static (text, row) => (text, row)))
                {
                    if (kinds.GetString(row) is "delete" or "update_preimage")
                    {
                        rows.Remove(text).Should().BeTrue($"version {version} deletes a row that was there: {text}");
                    }
                    else
                    {
                        rows.Add(text);
                    }
                }
            }

            rows.Sort(StringComparer.Ordinal);
            rows.Should().Equal(after.Texts, $"the changes of version {version} lead there");
        }
    }

    private DeltaTableOptions Options() => new() { MaxRowsPerFile = Traits.MaxRowsPerFile, DataCacheBytes = Traits.DataCacheBytes };
}
