using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>The operations of a table's life: each is done to the table and to the model.</summary>
internal static class RoundTripSteps
{
    /// <summary>Does a random step to the table, and says what the table must be then.</summary>
    public static async Task<ModelTable> NextAsync(RoundTrip trip) => trip.Random.Next(20) switch
    {
        <= 5 => await AppendAsync(trip),
        6 => await OverwriteAsync(trip),
        7 or 8 or 9 => await DeleteAsync(trip),
        10 or 11 => await OptimizeAsync(trip),
        12 => await CheckpointAsync(trip),
        13 => await RestoreAsync(trip),
        14 => await VacuumAsync(trip),
        15 => await AddColumnAsync(trip),
        16 => await RenameAsync(trip),
        17 => await DropAsync(trip),
        18 => await WidenAsync(trip),
        _ => await ReopenAsync(trip),
    };

    private static async Task<ModelTable> AppendAsync(RoundTrip trip)
    {
        List<object?[]> rows = Rows(trip);
        trip.Say($"append {rows.Count} rows");
        await trip.Table.AppendAsync(ModelTable.BatchOf(trip.Now.Columns, rows));
        return trip.Now.Append(rows);
    }

    private static async Task<ModelTable> OverwriteAsync(RoundTrip trip)
    {
        List<object?[]> rows = Rows(trip);
        trip.Say($"overwrite with {rows.Count} rows");
        await trip.Table.OverwriteAsync(ModelTable.BatchOf(trip.Now.Columns, rows));
        return new ModelTable(trip.Now.Columns, rows);
    }

    private static async Task<ModelTable> DeleteAsync(RoundTrip trip)
    {
        (Filter? filter, Func<object?[], bool> condition, string text) = Condition(trip);
        trip.Say("delete where " + text);
        DeleteResult result = await trip.Table.DeleteAsync(filter);
        int deleted = trip.Now.Rows.Count(condition);
        result.RowsDeleted.Should().Be(deleted);
        return trip.Now.Where(row => !condition(row));
    }

    private static async Task<ModelTable> OptimizeAsync(RoundTrip trip)
    {
        double share = trip.Random.Next(2) == 0 ? 0 : 0.3;
        trip.Say(string.Create(CultureInfo.InvariantCulture, $"optimize, at most {share} deleted"));
        await trip.Table.OptimizeAsync(new OptimizeOptions { MaxDeletedShare = share });
        return trip.Now;
    }

    private static async Task<ModelTable> CheckpointAsync(RoundTrip trip)
    {
        trip.Say("checkpoint");
        (await trip.Table.CheckpointAsync()).Should().Be(trip.Versions.Count - 1);
        return trip.Now;
    }

    private static async Task<ModelTable> RestoreAsync(RoundTrip trip)
    {
        int version = trip.Random.Next(trip.Versions.Count);
        trip.Say($"restore version {version}");
        await trip.Table.RestoreAsync(version);
        return trip.Versions[version];
    }

    // All versions are younger than the retention: nothing that one of them needs may go.
    private static async Task<ModelTable> VacuumAsync(RoundTrip trip)
    {
        trip.Say("vacuum");
        await trip.Table.VacuumAsync(new VacuumOptions { DryRun = false });
        return trip.Now;
    }

    private static async Task<ModelTable> AddColumnAsync(RoundTrip trip)
    {
        int parent = Pick(trip, static column => column.Type is Apache.Arrow.Types.StructType);
        ModelColumn column = TableTraits.Column(trip, RandomTypes.Any(trip.Random, parent >= 0 ? 2 : 3), isPartition: false) with { Nullable = true };
        Field field = new(column.Name, column.Type, true);
        if (parent >= 0 && trip.Random.Next(2) == 0)
        {
            trip.Say($"add field {column} to {trip.Now.Columns[parent].Name}");
            await trip.Table.AddColumnsAsync([field], trip.Now.Columns[parent].Name);
            return trip.Now.AddField(parent, field);
        }

        trip.Say($"add column {column}");
        await trip.Table.AddColumnsAsync([field]);
        return trip.Now.Add(column);
    }

    private static async Task<ModelTable> RenameAsync(RoundTrip trip)
    {
        int at = trip.Traits.HasColumnMapping ? Pick(trip, static column => column.Name != "id") : -1;
        if (at < 0)
        {
            return trip.Now;
        }

        string name = $"r{trip.NextColumn++}";
        trip.Say($"rename {trip.Now.Columns[at].Name} to {name}");
        await trip.Table.RenameColumnAsync(trip.Now.Columns[at].Name, name);
        return trip.Now.Rename(at, name);
    }

    private static async Task<ModelTable> DropAsync(RoundTrip trip)
    {
        int at = trip.Traits.HasColumnMapping ? Pick(trip, static column => column.Name != "id" && !column.IsPartition) : -1;
        if (at < 0)
        {
            return trip.Now;
        }

        trip.Say($"drop {trip.Now.Columns[at].Name}");
        await trip.Table.DropColumnAsync(trip.Now.Columns[at].Name);
        return trip.Now.Drop(at);
    }

    private static async Task<ModelTable> WidenAsync(RoundTrip trip)
    {
        int at = trip.Traits.HasTypeWidening ? Pick(trip, static column => column.Name != "id" && Widening.Of(column).Count > 0) : -1;
        if (at < 0)
        {
            return trip.Now;
        }

        IReadOnlyList<IArrowType> wider = Widening.Of(trip.Now.Columns[at]);
        IArrowType type = wider[trip.Random.Next(wider.Count)];
        trip.Say($"widen {trip.Now.Columns[at]} to {trip.Now.Columns[at] with { Type = type }}");
        await trip.Table.WidenColumnAsync(trip.Now.Columns[at].Name, type);
        return trip.Now.Widen(at, type);
    }

    private static async Task<ModelTable> ReopenAsync(RoundTrip trip)
    {
        trip.Say("reopen");
        trip.Table = await trip.ReopenAsync();
        return trip.Now;
    }

    // A few values for each partition column, or every row would be a file.
    private static List<object?[]> Rows(RoundTrip trip)
    {
        IReadOnlyList<ModelColumn> columns = trip.Now.Columns;
        object?[][] partitions = [.. columns.Select(column => column.IsPartition
            ? [.. Enumerable.Range(0, 2).Select(_ => RandomValues.OfPartition(column.Type, column.Nullable, trip.Random))]
            : System.Array.Empty<object?>())];
        List<object?[]> rows = [];
        foreach (int _ in Enumerable.Range(0, trip.Random.Next(9)))
        {
            rows.Add([.. columns.Select((column, i) => column.Name == "id" ? trip.NextId++
                : column.IsPartition ? partitions[i][trip.Random.Next(2)]
                : RandomValues.Of(column.Type, column.Nullable, trip.Random))]);
        }

        return rows;
    }

    private static (Filter? Filter, Func<object?[], bool> Condition, string Text) Condition(RoundTrip trip)
    {
        int id = trip.Now.Columns.ToList().FindIndex(static column => column.Name == "id");
        long bound = trip.Random.NextInt64(trip.NextId + 1);
        FilterColumn column = Filter.Column("id");
        switch (trip.Random.Next(7))
        {
            case 0:
                return (column.LessThan(bound), row => (long)row[id]! < bound, $"id < {bound}");
            case 1 or 2:
                return (column.GreaterThanOrEqualTo(bound), row => (long)row[id]! >= bound, $"id >= {bound}");
            case 3:
                return (column.In(bound, bound + 1, bound + 4), row => (long)row[id]! - bound is 0 or 1 or 4,
                    $"id in {bound}, {bound + 1}, {bound + 4}");
            case 4:
                return (!column.EqualTo(bound) & column.LessThan(bound + 3),
                    row => (long)row[id]! != bound && (long)row[id]! < bound + 3, $"id <> {bound} and id < {bound + 3}");
            case 5 when trip.Random.Next(4) == 0:
                return (null, static _ => true, "true");
            default:
                int at = Pick(trip, static candidate => candidate.Nullable && candidate.Type is not NullType);
                return at < 0
                    ? (column.EqualTo(bound), row => (long)row[id]! == bound, $"id = {bound}")
                    : (Filter.Column(trip.Now.Columns[at].Name).IsNull(), row => row[at] is null, $"{trip.Now.Columns[at].Name} is null");
        }
    }

    private static int Pick(RoundTrip trip, Func<ModelColumn, bool> condition)
    {
        int[] fitting = [.. Enumerable.Range(0, trip.Now.Columns.Count).Where(i => condition(trip.Now.Columns[i]))];
        return fitting.Length == 0 ? -1 : fitting[trip.Random.Next(fitting.Length)];
    }
}
