using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>
/// The names under which files, statistics and partition values know the columns of a table (protocol notes, section 13, columnMapping). In a table
/// without mapping they are the columns' own.
/// </summary>
internal sealed class ColumnMapping
{
    public const string IdKey = "delta.columnMapping.id";
    public const string PhysicalNameKey = "delta.columnMapping.physicalName";

    /// <summary>Where Arrow keeps the field id of a Parquet column.</summary>
    public const string ParquetFieldId = "PARQUET:field_id";

    private readonly Dictionary<string, Field> _physical = new(StringComparer.Ordinal);

    private ColumnMapping(StructType schema, ColumnMappingMode mode)
    {
        Mode = mode;
        if (IsMapped)
        {
            foreach (StructField field in schema.Fields)
            {
                _physical.Add(field.Name, ToPhysical(field));
            }
        }
    }

    public ColumnMappingMode Mode { get; }

    public bool IsMapped => Mode != ColumnMappingMode.None;

    public static ColumnMapping Of(StructType schema, ColumnMappingMode mode) => new(schema, mode);

    /// <summary>The physical name of a column; of a name that is no column of the table, such as one of change data, the name itself.</summary>
    public string PhysicalName(string logical) => _physical.TryGetValue(logical, out Field? field) ? field.Name : logical;

    /// <summary>Columns as they are in files, with their field ids.</summary>
    public Schema ToPhysical(Schema logical) =>
        IsMapped ? new Schema([.. logical.FieldsList.Select(field => _physical.GetValueOrDefault(field.Name, field))], null) : logical;

    public RecordBatch ToPhysical(RecordBatch logical) => IsMapped ? RetypeKernel.Retype(logical, ToPhysical(logical.Schema)) : logical;

    /// <summary>Rows read from a file under the names of the table; the columns are the same ones, in the same order.</summary>
    public RecordBatch ToLogical(RecordBatch physical, Schema logical) => IsMapped ? RetypeKernel.Retype(physical, logical) : physical;

    /// <summary>The physical name a field has in a table with mapping.</summary>
    /// <exception cref="CorruptTableException"><see cref="ErrorCodes.CorruptLog"/>: it is no text.</exception>
    public static string PhysicalName(StructField field) => field.Metadata?[PhysicalNameKey] switch
    {
        null => field.Name,
        JsonValue value when value.TryGetValue(out string? name) => name,
        { } other => throw Invalid(field, PhysicalNameKey, other),
    };

    /// <summary>The id of a field, or null.</summary>
    /// <exception cref="CorruptTableException"><see cref="ErrorCodes.CorruptLog"/>: it is no number of a field.</exception>
    public static int? FieldId(StructField field) => field.Metadata?[IdKey] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out long id) && id is >= 0 and <= int.MaxValue => (int)id,

        // Some writers make no difference between 1 and 1.0.
        JsonValue value when value.TryGetValue(out double id) && double.IsInteger(id) && id is >= 0 and <= int.MaxValue => (int)id,
        { } other => throw Invalid(field, IdKey, other),
    };

    private static CorruptTableException Invalid(StructField field, string key, JsonNode value) =>
        new(ErrorCodes.CorruptLog, $"The metadata '{key}' of the column '{field.Name}' is {value.ToJsonString()}, which it cannot be.");

    private static Field ToPhysical(StructField field)
    {
        Dictionary<string, string> metadata = [];
        if (FieldId(field) is { } id)
        {
            metadata.Add(ParquetFieldId, id.ToString(CultureInfo.InvariantCulture));
        }

        Field logical = ArrowSchemas.ToArrow(field);
        foreach ((string key, string value) in logical.Metadata ?? new Dictionary<string, string>())
        {
            metadata.Add(key, value);
        }

        return new Field(PhysicalName(field), ToPhysical(field.Type), field.Nullable, metadata);
    }

    private static IArrowType ToPhysical(DataType type) => type switch
    {
        StructType structure => new Apache.Arrow.Types.StructType([.. structure.Fields.Select(ToPhysical)]),
        ArrayType array => new ListType(new Field("element", ToPhysical(array.ElementType), array.ContainsNull)),
        MapType map => new Apache.Arrow.Types.MapType(
            new Field("key", ToPhysical(map.KeyType), false), new Field("value", ToPhysical(map.ValueType), map.ValueContainsNull)),
        _ => ArrowSchemas.ToArrow(type),
    };
}
