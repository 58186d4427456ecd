using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Schemas;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>What a random table is like from its beginning.</summary>
internal sealed class TableTraits
{
    private const int MostDepth = 4;

    public required IReadOnlyList<ModelColumn> Columns { get; init; }

    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    public required bool ChangeDataFeed { get; init; }

    public required bool DeletionVectors { get; init; }

    public required int MaxRowsPerFile { get; init; }

    public required long DataCacheBytes { get; init; }

    public bool HasColumnMapping => Properties.ContainsKey("delta.columnMapping.mode");

    public bool HasTypeWidening => Properties.ContainsKey("delta.enableTypeWidening");

    /// <summary>Columns of any types beside a first one that tells the rows apart.</summary>
    public static TableTraits Next(RoundTrip trip)
    {
        Random random = trip.Random;
        List<ModelColumn> columns = [new ModelColumn(trip.NextColumn++, "id", Int64Type.Default, Nullable: false, IsPartition: false)];
        foreach (int i in Enumerable.Range(0, 1 + random.Next(5)))
        {
            columns.Add(Column(trip, RandomTypes.Any(random, MostDepth), isPartition: false));
        }

        if (random.Next(12) == 0)
        {
            columns.Add(Column(trip, PrimitiveType.Void, isPartition: false));
        }

        foreach (int i in Enumerable.Range(0, Math.Max(random.Next(5) - 2, 0)))
        {
            columns.Insert(random.Next(columns.Count + 1), Column(trip, RandomTypes.Primitive(random), isPartition: true));
        }

        Dictionary<string, string> properties = new() { ["delta.checkpointInterval"] = $"{2 + random.Next(4)}" };
        Maybe(3, "delta.dataSkippingNumIndexedCols", random.Next(3) switch { 0 => "0", 1 => "2", _ => "-1" });
        Maybe(4, "delta.dataSkippingStringPrefixLength", "2");
        Maybe(4, "delta.checkpointPolicy", "v2");
        Maybe(3, "delta.checkpoint.writeStatsAsStruct", "true");
        Maybe(6, "delta.checkpoint.writeStatsAsJson", "false");
        Maybe(3, "delta.columnMapping.mode", random.Next(2) == 0 ? "name" : "id");
        Maybe(3, "delta.enableTypeWidening", "true");
        Maybe(5, "delta.enableInCommitTimestamps", "true");
        Maybe(6, "delta.enableRowTracking", "true");
        return new TableTraits
        {
            Columns = columns,
            Properties = properties,
            ChangeDataFeed = random.Next(2) == 0,
            DeletionVectors = random.Next(3) != 0,
            MaxRowsPerFile = random.Next(3) == 0 ? 3 : 1_000_000,
            DataCacheBytes = random.Next(2) == 0 ? 0 : 1 << 24,
        };

        void Maybe(int oneIn, string name, string value)
        {
            if (random.Next(oneIn) == 0)
            {
                properties[name] = value;
            }
        }
    }

    public static ModelColumn Column(RoundTrip trip, DataType type, bool isPartition)
    {
        int number = trip.NextColumn++;
        bool nullable = type == PrimitiveType.Void || trip.Random.Next(5) != 0;
        Field field = ArrowSchemas.ToArrow(new StructType([new StructField($"c{number}", type, nullable)])).GetFieldByIndex(0);
        return new ModelColumn(number, field.Name, field.DataType, nullable, isPartition);
    }

    public DeltaTableCreateOptions Create() => new()
    {
        PartitionColumns = [.. Columns.Where(static column => column.IsPartition).Select(static column => column.Name)],
        ChangeDataFeed = ChangeDataFeed,
        DeletionVectors = DeletionVectors,
        Properties = Properties,
    };

    public override string ToString() =>
        $"[{string.Join("; ", Columns)}] properties [{string.Join(", ", Properties.Select(static p => $"{p.Key}={p.Value}"))}]"
        + (ChangeDataFeed ? ", change data" : "") + (DeletionVectors ? ", deletion vectors" : "")
        + $", {MaxRowsPerFile} rows a file, cache {DataCacheBytes}";
}
