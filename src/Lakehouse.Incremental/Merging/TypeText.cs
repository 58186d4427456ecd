using System.Globalization;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Merging;

/// <summary>Types as text that tells all their parameters, for what is stored of a configuration.</summary>
internal static class TypeText
{
    public static string Of(IArrowType type) => type switch
    {
        Decimal128Type d => string.Create(CultureInfo.InvariantCulture, $"decimal({d.Precision},{d.Scale})"),
        TimestampType { Timezone: null } => "timestamp_ntz",
        StructType s => "struct<" + string.Join(",", s.Fields.Select(f => f.Name + ":" + Of(f.DataType))) + ">",
        var other => other.Name,
    };
}
