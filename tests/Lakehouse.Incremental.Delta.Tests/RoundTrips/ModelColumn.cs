using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>A column of the model. Its number stays the same through all changes of name and type.</summary>
internal sealed record ModelColumn(int Number, string Name, IArrowType Type, bool Nullable, bool IsPartition)
{
    public override string ToString() => $"{Name}: {Describe(Type)}{(Nullable ? "" : " NOT NULL")}{(IsPartition ? " PARTITION" : "")}";

    private static string Describe(Field field) => $"{field.Name}: {Describe(field.DataType)}{(field.IsNullable ? "" : " NOT NULL")}";

    private static string Describe(IArrowType type) => type switch
    {
        NestedType nested => $"{type.Name}<{string.Join(", ", nested.Fields.Select(Describe))}>",
        Decimal128Type number => $"decimal({number.Precision},{number.Scale})",
        TimestampType time => time.Timezone is null ? "timestamp_ntz" : "timestamp",
        _ => type.Name,
    };
}
