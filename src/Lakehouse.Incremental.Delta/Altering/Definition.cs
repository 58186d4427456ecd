using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>What a metadata action says of a table, on its way from one version to the next.</summary>
/// <param name="Schema">The columns.</param>
/// <param name="PartitionColumns">Names of the partition columns.</param>
/// <param name="Properties">The table properties, requests for features (<c>delta.feature.{name}</c>) among them.</param>
internal sealed record Definition(StructType Schema, IReadOnlyList<string> PartitionColumns, IReadOnlyDictionary<string, string> Properties)
{
    public static Definition Of(Snapshot snapshot) => new(snapshot.DeltaSchema, snapshot.PartitionColumns, snapshot.Properties);

    /// <summary>The definition with what its properties call for: ids and physical names of columns, names of the columns of row ids.</summary>
    /// <param name="former">The definition before; null for a new table.</param>
    /// <param name="ids">Where new names come from.</param>
    public Definition Completed(Definition? former, IdSource ids)
    {
        TableProperties properties = new(Properties);
        Definition completed = this;
        if (properties.ColumnMappingMode != ColumnMappingMode.None)
        {
            bool upgrade = former is not null && new TableProperties(former.Properties).ColumnMappingMode == ColumnMappingMode.None;
            (StructType schema, IReadOnlyDictionary<string, string> numbered) = new ColumnIds(ids, existing: upgrade).Assign(Schema, Properties);
            completed = completed with { Schema = schema, Properties = numbered };
        }

        if (properties.EnableRowTracking && properties.RowIdColumn is null)
        {
            Dictionary<string, string> named = new(completed.Properties, StringComparer.Ordinal)
            {
                [TableProperties.RowIdColumnKey] = $"_row-id-col-{ids.NewId():D}",
                [TableProperties.RowCommitVersionColumnKey] = $"_row-commit-version-col-{ids.NewId():D}",
            };
            completed = completed with { Properties = named };
        }

        return completed;
    }
}
