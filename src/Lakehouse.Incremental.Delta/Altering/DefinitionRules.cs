using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>What may not change about a table, because files or rules that exist depend on it.</summary>
internal static class DefinitionRules
{
    private static readonly string[] Expressions = [RuleKeys.GenerationExpression, RuleKeys.Invariants];

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: the change is not possible; the message says why.</exception>
    public static void CheckChange(Definition former, Definition changed, string table)
    {
        TableProperties before = new(former.Properties);
        TableProperties after = new(changed.Properties);
        after.CheckValues();
        if (before.ColumnMappingMode != after.ColumnMappingMode
            && (before.ColumnMappingMode, after.ColumnMappingMode) != (ColumnMappingMode.None, ColumnMappingMode.Name))
        {
            throw Invalid(table, $"{TableProperties.ColumnMappingModeKey} can change from none to name only, not from {Name(before)} to {Name(after)}");
        }
    }

    /// <summary>Rows that exist have no values in a new column, so none can follow from a rule that all rows keep.</summary>
    public static void CheckNewColumns(Definition former, Definition changed, string table)
    {
        StructField? filled = changed.Schema.Fields.FirstOrDefault(field => former.Schema.IndexOf(field.Name) < 0 && field.Metadata is { } marks
            && !marks.ContainsKey(ColumnMapping.PhysicalNameKey)
            && (marks.ContainsKey(RuleKeys.GenerationExpression) || marks.Any(static mark => mark.Key.StartsWith(RuleKeys.IdentityPrefix, StringComparison.Ordinal))));
        if (filled is not null)
        {
            throw Invalid(table, $"the new column '{filled.Name}' is generated or numbered, but the rows that exist would have no value in it");
        }
    }

    /// <summary>Ids are given by the number of rows of a file, which its statistics must tell.</summary>
    public static void CheckCounted(Snapshot snapshot, string table)
    {
        if (snapshot.Files.FirstOrDefault(static file => RowCounts.NumRecords(file.Stats) is null) is { } file)
        {
            throw Invalid(table, $"rows get ids by the statistics of their files, but those of '{file.Path}' do not tell how many rows it has");
        }
    }

    /// <summary>Properties that stand for something else than themselves are not set as properties.</summary>
    public static void CheckSettable(string key, string table)
    {
        if (RuleKeys.IsConstraint(key) || key is TableProperties.MaxColumnIdKey
            or TableProperties.RowIdColumnKey or TableProperties.RowCommitVersionColumnKey
            or TableProperties.InCommitTimestampEnablementVersionKey or TableProperties.InCommitTimestampEnablementTimestampKey)
        {
            throw Invalid(table, $"the property '{key}' is kept by the table itself");
        }
    }

    /// <summary>Renaming and dropping leave the files as they are, which takes names that differ from those in the files.</summary>
    public static void CheckMapped(Definition definition, string table)
    {
        if (new TableProperties(definition.Properties).ColumnMappingMode == ColumnMappingMode.None)
        {
            throw Invalid(table, $"columns are renamed and dropped only with column mapping: set {TableProperties.ColumnMappingModeKey} to 'name' first");
        }
    }

    /// <summary>A rule that speaks of a column would no longer hold, or no longer be understood, when the column changed.</summary>
    public static void CheckUnreferenced(Definition definition, string column, string table)
    {
        foreach ((string key, string sql) in definition.Properties.Where(static p => RuleKeys.IsConstraint(p.Key)))
        {
            CheckUnreferenced(sql, $"the constraint '{key[RuleKeys.ConstraintPrefix.Length..]}'", column, table);
        }

        foreach ((string owner, string sql) in ExpressionsOf(definition.Schema))
        {
            CheckUnreferenced(sql, $"a rule of the column '{owner}'", column, table);
        }
    }

    /// <summary>A clustered table must not lose a column that its clustering names.</summary>
    /// <param name="columns">The clustering columns, as paths of physical names.</param>
    /// <param name="former">The definition before the change.</param>
    /// <param name="changed">The definition after it.</param>
    /// <param name="table">The table.</param>
    public static void CheckClustered(IReadOnlyList<IReadOnlyList<string>> columns, Definition former, Definition changed, string table)
    {
        if (columns.FirstOrDefault(column => Logical(column, former.Schema) is not null && Logical(column, changed.Schema) is null) is { } lost)
        {
            throw Invalid(table, $"it is clustered by '{Logical(lost, former.Schema)}' (feature 'clustering')");
        }
    }

    public static LakehouseException Invalid(string table, string what) =>
        new(ErrorCodes.InvalidConfiguration, $"'{table}' cannot be changed so: {what}.") { Table = table };

    private static void CheckUnreferenced(string sql, string rule, string column, string table)
    {
        if (Regex.IsMatch(sql, $@"(?<!\w){Regex.Escape(column)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchTimeout))
        {
            throw Invalid(table, $"{rule}, '{sql}', speaks of the column '{column}'");
        }
    }

    private static string? Logical(IReadOnlyList<string> path, DataType schema)
    {
        List<string> names = [];
        DataType? type = schema;
        foreach (string part in path)
        {
            StructField? field = (type as StructType)?.Fields.FirstOrDefault(f => string.Equals(ColumnMapping.PhysicalName(f), part, StringComparison.Ordinal));
            if (field is null)
            {
                return null;
            }

            names.Add(field.Name);
            type = field.Type;
        }

        return string.Join('.', names);
    }

    private static IEnumerable<(string Owner, string Sql)> ExpressionsOf(DataType type) => type switch
    {
        StructType structure => structure.Fields.SelectMany(static field => Own(field).Concat(ExpressionsOf(field.Type))),
        ArrayType array => ExpressionsOf(array.ElementType),
        MapType map => ExpressionsOf(map.KeyType).Concat(ExpressionsOf(map.ValueType)),
        _ => [],
    };

    private static IEnumerable<(string Owner, string Sql)> Own(StructField field) =>
        Expressions.Where(key => field.Metadata?[key] is JsonValue).Select(key => (field.Name, field.Metadata![key]!.ToString()));

    private static string Name(TableProperties properties) => properties.ColumnMappingMode.ToString().ToLowerInvariant();
}
