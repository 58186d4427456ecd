using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>A metadata action with what is derived from it. Shared by all snapshots that have the same metadata, so it is parsed once.</summary>
internal sealed class TableDefinition
{
    private readonly Lazy<StructType> _schema;
    private readonly Lazy<Apache.Arrow.Schema> _arrowSchema;
    private readonly Lazy<TableProperties> _properties;
    private readonly Lazy<ColumnMapping> _mapping;

    public TableDefinition(MetadataAction metadata)
    {
        Metadata = metadata;
        _schema = new Lazy<StructType>(() => SchemaJson.Parse(metadata.SchemaString));
        _arrowSchema = new Lazy<Apache.Arrow.Schema>(() => ArrowSchemas.ToArrow(_schema.Value));
        _properties = new Lazy<TableProperties>(() => new TableProperties(metadata.Configuration));
        _mapping = new Lazy<ColumnMapping>(() => ColumnMapping.Of(_schema.Value, _properties.Value.ColumnMappingMode));
    }

    public MetadataAction Metadata { get; }

    public StructType Schema => _schema.Value;

    public Apache.Arrow.Schema ArrowSchema => _arrowSchema.Value;

    public TableProperties Properties => _properties.Value;

    public ColumnMapping Mapping => _mapping.Value;
}
