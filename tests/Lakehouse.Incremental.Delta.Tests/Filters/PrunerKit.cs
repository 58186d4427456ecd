using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Tests.Filters;

/// <summary>Tables without files, and files without content.</summary>
internal static class PrunerKit
{
    public static Snapshot Table(Schema schema, IReadOnlyList<string>? partitionColumns = null, Dictionary<string, string>? properties = null)
    {
        SnapshotBuilder builder = new(SnapshotState.Empty, null, null);
        MetadataAction metadata = new()
        {
            Id = "table",
            SchemaString = SchemaJson.Write(ArrowSchemas.ToDelta(schema)),
            PartitionColumns = partitionColumns ?? [],
            Configuration = properties ?? [],
        };
        builder.Apply(0, [new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 2 }, metadata], 100);
        return builder.Build();
    }

    public static AddFile File(string? stats) => new() { Path = "file", Size = 1, ModificationTime = 1, DataChange = true, Stats = stats };

    public static bool CanSkip(Apache.Arrow.Types.IArrowType type, string? stats, Func<FilterColumn, Filter> condition) =>
        new FilterPruner(condition(Filter.Column("c")), Table(new Schema([new Field("c", type, true)], null))).CanSkip(File(stats));
}
