using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Quarantine;

/// <summary>The columns a quarantine table adds to each event: who refused it, why, and where it was staged, if it was.</summary>
internal static class QuarantineColumns
{
    public const string Flow = "__flow";
    public const string Target = "__target";
    public const string Reason = "__reason";
    public const string Column = "__column";
    public const string Batch = "__batch";
    public const string Digest = "__digest";
    public const string Time = "__quarantined_at";

    public static IReadOnlyList<Field> Fields { get; } =
    [
        new(Flow, StringType.Default, nullable: false),
        new(Target, StringType.Default, nullable: false),
        new(Reason, StringType.Default, nullable: false),
        new(Column, StringType.Default, nullable: false),
        new(Batch, StringType.Default, nullable: false),
        new(Digest, StringType.Default, nullable: false),
        new(Time, new TimestampType(TimeUnit.Microsecond, "UTC"), nullable: false),
        .. LineageColumns.Fields.Select(static f => new Field(f.Name, f.DataType, nullable: true)),
    ];

    public static bool IsReserved(string name) => Fields.Any(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));
}
