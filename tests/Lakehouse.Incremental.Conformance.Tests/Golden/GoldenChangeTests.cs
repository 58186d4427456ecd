using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Conformance.Tests.Golden;

/// <summary>The change data of other engines' tables leads from each version to the next; ranges that make no sense are refused.</summary>
[Collection(GoldenCollection.Name)]
public sealed class GoldenChangeTests(GoldenSet set)
{
    [GoldenTheory(GoldenPart.Changes)]
    [GoldenTables]
    public async Task Changes_lead_from_each_version_to_the_next(GoldenCase table)
    {
        DeltaTable opened = await set.OpenAsync(table.Table);
        long latest = opened.CurrentSnapshot.Version;
        int recorded = 0;
        Snapshot? before = null;
        for (long version = 0; version <= latest; version++)
        {
            Snapshot? now = await TryVersionAsync(opened, version);
            if (now is not null && (version == 0 || HaveSameColumns(before, now)) && IsRecorded(now) && await IsConsistentAsync(opened, version))
            {
                recorded++;
                await CompareAsync(opened, now.Schema, version);
            }

            before = now;
        }

        if (recorded == 0)
        {
            Func<Task> reading = () => TableRows.ReadAsync(opened.ReadChangesAsync(0, latest));
            await reading.Should().ThrowAsync<LakehouseException>("no version recorded changes");
        }
    }

    [GoldenTheory(GoldenPart.Changes)]
    [GoldenTables]
    public async Task Changes_name_the_version_and_the_time_of_the_history(GoldenCase table)
    {
        DeltaTable opened = await set.OpenAsync(table.Table);
        IReadOnlyList<TableVersion> history = await opened.HistoryAsync();
        history.Should().NotBeEmpty();
        foreach (TableVersion version in history)
        {
            if (await TryVersionAsync(opened, version.Version) is { } snapshot && IsRecorded(snapshot))
            {
                List<RecordBatch> changes = await TableRows.ReadAsync(opened.ReadChangesAsync(version.Version, version.Version));
                RowBag stamps = RowBag.Of(changes, ["_commit_version", "_commit_timestamp"]);
                long microseconds = version.Timestamp.ToUnixTimeMilliseconds() * 1000;
                stamps.CountOf([CellForm.Number(version.Version, 0), CellForm.Timestamp(microseconds)]).Should().Be(stamps.Count);
            }
        }
    }

    [GoldenTheory(GoldenPart.Changes)]
    [GoldenTables]
    public async Task Ranges_that_make_no_sense_are_refused(GoldenCase table)
    {
        DeltaTable opened = await set.OpenAsync(table.Table);
        long latest = opened.CurrentSnapshot.Version;
        Func<Task> backwards = () => TableRows.ReadAsync(opened.ReadChangesAsync(latest + 1, latest));
        Func<Task> future = () => TableRows.ReadAsync(opened.ReadChangesAsync(latest + 1, latest + 1));
        await backwards.Should().ThrowAsync<ArgumentOutOfRangeException>();
        (await future.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.VersionNotFound);
    }

    /// <summary>What was there before and what came in is what is there now and what went out.</summary>
    private static async Task CompareAsync(DeltaTable table, Schema schema, long version)
    {
        IReadOnlyList<string> columns = TableRows.Names(schema);
        RowBag before = version == 0 ? new RowBag(columns) : await TableRows.AllAsync(table, version - 1);
        RowBag after = await TableRows.AllAsync(table, version);
        List<RecordBatch> changes = await TableRows.ReadAsync(table.ReadChangesAsync(version, version));
        RowBag entered = RowBag.Of(changes.Select(batch => OfTypes(batch, "insert", "update_postimage")), columns);
        RowBag left = RowBag.Of(changes.Select(batch => OfTypes(batch, "delete", "update_preimage")), columns);
        after.Plus(left).DifferenceFrom(before.Plus(entered)).Should().BeNull("these are the changes of version {0}", version);
    }

    private static RecordBatch OfTypes(RecordBatch changes, params string[] wanted)
    {
        StringArray types = (StringArray)changes.Column("_change_type");
        return TakeKernel.Take(changes, [.. Enumerable.Range(0, changes.Length).Where(row => wanted.Contains(types.GetString(row)))]);
    }

    /// <summary>Change data without any change of the data was made by hand, for readers of change data only.</summary>
    private static async Task<bool> IsConsistentAsync(DeltaTable table, long version)
    {
        IReadOnlyList<DeltaAction> actions = await table.Log.ReadCommitAsync(version, CancellationToken.None);
        return !actions.Any(action => action is AddCdcFile) || actions.Any(action => action is AddFile or RemoveFile);
    }

    private static bool HaveSameColumns(Snapshot? before, Snapshot now) =>
        before is not null && TableRows.Names(before.Schema).SequenceEqual(TableRows.Names(now.Schema));

    private static bool IsRecorded(Snapshot snapshot) =>
        string.Equals(snapshot.Properties.GetValueOrDefault("delta.enableChangeDataFeed"), "true", StringComparison.OrdinalIgnoreCase);

    private static async Task<Snapshot?> TryVersionAsync(DeltaTable table, long version)
    {
        try
        {
            return await table.SnapshotAtAsync(version);
        }
        catch (LakehouseException e) when (e.ErrorCode == ErrorCodes.VersionNotFound)
        {
            // The log was cleaned up before this version.
            return null;
        }
    }
}
