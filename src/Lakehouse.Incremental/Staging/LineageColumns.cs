using Apache.Arrow;
using Apache.Arrow.Types;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Staging;

/// <summary>The columns a staging table adds to each event: where it came from and when it was taken in.</summary>
internal static class LineageColumns
{
    public const string Source = "__source";
    public const string Partition = "__source_partition";
    public const string Offset = "__source_offset";

    /// <summary>The event columns its batch had, a JSON array of texts; null: all. An absent column says nothing, and a null would say null.</summary>
    public const string Columns = "__source_columns";

    public const string IngestTime = "__ingest_time";

    public static readonly TimestampType IngestType = new(TimeUnit.Microsecond, "UTC");

    public static IReadOnlyList<Field> Fields { get; } =
    [
        new(Source, StringType.Default, nullable: false),
        new(Partition, Int32Type.Default, nullable: false),
        new(Offset, Int64Type.Default, nullable: false),
        new(IngestTime, IngestType, nullable: false),
        new(Columns, StringType.Default, nullable: true),
    ];

    /// <summary>Where each event was staged, as text; empty for one that was not.</summary>
    public static IEnumerable<string> Positions(RecordBatch events)
    {
        return Column(Source) is StringArray sources && Column(Partition) is Int32Array partitions && Column(Offset) is Int64Array offsets
            ? Enumerable.Range(0, events.Length).Select(row =>
                sources.IsNull(row) ? "" : FormattableString.Invariant($"{sources.GetString(row)}/{partitions.GetValue(row)}/{offsets.GetValue(row)}"))
            : Enumerable.Repeat("", events.Length);

        IArrowArray? Column(string name) => events.Schema.PositionOf(name) is int at and >= 0 ? events.Column(at) : null;
    }

    public static bool IsLineage(string name) => name is Source or Partition or Offset or IngestTime or Columns;
}
