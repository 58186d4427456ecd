using Apache.Arrow;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Schema, partitioning and properties of a table to be created, checked.</summary>
internal sealed record TableBlueprint(StructType Schema, DeltaTableCreateOptions Options, IReadOnlyDictionary<string, string> Properties)
{
    public static TableBlueprint Of(Schema schema, DeltaTableCreateOptions options)
    {
        ArgumentNullException.ThrowIfNull(schema);
        StructType columns = ArrowSchemas.ToDelta(schema);
        Dictionary<string, string> properties = new(options.Properties, StringComparer.Ordinal);
        SetFlag(properties, TableProperties.EnableChangeDataFeedKey, options.ChangeDataFeed);
        SetFlag(properties, TableProperties.EnableDeletionVectorsKey, options.DeletionVectors);

        // Properties are read when they are needed; a table must not be born with one that makes its first append fail.
        TableProperties typed = new(properties);
        typed.CheckValues();
        SchemaChecks.Check(columns, options.PartitionColumns, anyName: typed.ColumnMappingMode != ColumnMappingMode.None);
        RowRules.Validate(columns, properties);
        return new TableBlueprint(columns, options, properties);
    }

    /// <summary>How a table differs, one sentence part each; empty when it agrees.</summary>
    public IReadOnlyList<string> DifferencesFrom(Snapshot table)
    {
        List<string> differences = SchemaDifference.Describe(Schema, table.DeltaSchema);
        if (!Options.PartitionColumns.SequenceEqual(table.PartitionColumns, StringComparer.Ordinal))
        {
            string actual = string.Join(", ", table.PartitionColumns);
            differences.Add($"it is partitioned by ({actual}), not by ({string.Join(", ", Options.PartitionColumns)})");
        }

        return differences;
    }

    // What the caller says in the properties goes before the defaults of the options.
    private static void SetFlag(Dictionary<string, string> properties, string key, bool value)
    {
        if (value)
        {
            properties.TryAdd(key, "true");
        }
    }
}
