using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>The columns of the checkpoints of one table: which forms of statistics they carry is a matter of its properties.</summary>
internal sealed class CheckpointLayout
{
    private CheckpointLayout(bool statsAsText, StructType? stats, StructType? partitions)
    {
        StatsAsText = statsAsText;
        Stats = stats;
        Partitions = partitions;
        List<Field> add = [.. CheckpointSchema.Add.Fields.Where(f => statsAsText || f.Name != CheckpointSchema.StatsName)];
        AddIf(partitions, "partitionValues_parsed");
        AddIf(stats, "stats_parsed");
        Add = new StructType(add);
        Schema = CheckpointSchema.WrittenWith(Add, v2: false);
        V2Schema = CheckpointSchema.WrittenWith(Add, v2: true);
        SidecarSchema = new Schema([.. Schema.FieldsList.Where(static f => f.Name is "add" or "remove")], null);

        void AddIf(StructType? type, string name)
        {
            if (type is not null)
            {
                add.Add(new Field(name, type, nullable: true));
            }
        }
    }

    public bool StatsAsText { get; }

    /// <summary>The type of <c>stats_parsed</c>; null when it is not written.</summary>
    public StructType? Stats { get; }

    /// <summary>The type of <c>partitionValues_parsed</c>; null when it is not written.</summary>
    public StructType? Partitions { get; }

    public StructType Add { get; }

    /// <summary>Of a classic checkpoint.</summary>
    public Schema Schema { get; }

    /// <summary>Of the top of a V2 checkpoint.</summary>
    public Schema V2Schema { get; }

    public Schema SidecarSchema { get; }

    public static CheckpointLayout Of(Snapshot snapshot)
    {
        TableProperties properties = snapshot.TableProperties;
        bool asText = properties.CheckpointStatsAsJson;

        // A table that turns the text off and says nothing of the columns still wants its statistics.
        bool asColumns = properties.CheckpointStatsAsStruct || (!asText && properties.Text(TableProperties.CheckpointStatsAsStructKey) is null);
        return asColumns
            ? new CheckpointLayout(asText, StatisticsColumns.TypeOf(snapshot), StatisticsColumns.PartitionTypeOf(snapshot))
            : new CheckpointLayout(asText, null, null);
    }
}
