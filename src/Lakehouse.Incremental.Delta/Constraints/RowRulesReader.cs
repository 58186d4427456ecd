using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>Reads the rules of a table from its schema and properties. What it cannot understand it refuses, with the text of the rule.</summary>
internal sealed class RowRulesReader(StructType schema, IReadOnlyDictionary<string, string> configuration, IReadOnlyList<string> features)
{
    /// <summary>
    /// Features whose marks in a schema mean nothing to a table without them: those were left by writers before the feature. Constraints and
    /// invariants bind always.
    /// </summary>
    public static readonly IReadOnlyList<string> Binding =
        [TableFeature.GeneratedColumns, TableFeature.AllowColumnDefaults, TableFeature.IdentityColumns];

    private readonly List<RowCondition> _conditions = [];
    private readonly List<GeneratedColumn> _generated = [];
    private readonly List<DefaultColumn> _defaults = [];
    private readonly List<IdentityColumn> _identities = [];

    public static bool IsBinding(string feature) => Binding.Contains(feature, StringComparer.Ordinal);

    public RowRules Read()
    {
        IEnumerable<KeyValuePair<string, string>> constraints = configuration.Where(static property => RuleKeys.IsConstraint(property.Key));
        foreach ((string key, string sql) in constraints.OrderBy(static property => property.Key, StringComparer.Ordinal))
        {
            Add(TableFeature.CheckConstraints, $"the CHECK constraint '{key[RuleKeys.ConstraintPrefix.Length..]}'", sql);
        }

        for (int position = 0; position < schema.Fields.Count; position++)
        {
            ReadColumn(schema.Fields[position], position);
        }

        ReadInvariants(schema, "", insideList: false);
        RefuseChains();
        return new RowRules
        {
            Conditions = _conditions,
            Generated = _generated,
            Defaults = _defaults,
            Identities = _identities,
            Features = features,
        };
    }

    /// <summary>Runs a step; its error tells the rule.</summary>
    /// <param name="feature">The table feature the rule belongs to.</param>
    /// <param name="owner">What the rule is called.</param>
    /// <param name="sql">Its text.</param>
    /// <param name="step">The step.</param>
    public static T Named<T>(string feature, string owner, string sql, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (UnsupportedFeatureException error)
        {
            throw new UnsupportedFeatureException(
                error.ErrorCode, $"{owner} (feature '{feature}'), '{sql}', cannot be evaluated: {error.Message}", error);
        }
        catch (LakehouseException error)
        {
            throw new LakehouseException(error.ErrorCode, $"{owner} (feature '{feature}'), '{sql}', cannot be evaluated: {error.Message}", error);
        }
    }

    private void ReadColumn(StructField field, int position)
    {
        if (Has(TableFeature.GeneratedColumns) && Text(field, RuleKeys.GenerationExpression) is { } generation)
        {
            string owner = $"the expression of the generated column '{field.Name}'";
            _generated.Add(Named(TableFeature.GeneratedColumns, owner, generation, () =>
                new GeneratedColumn(position, SqlExpression.Parse(generation).BindAs(schema, field.Type))));
            _conditions.Add(Named(TableFeature.GeneratedColumns, owner, generation, () => new RowCondition(
                ErrorCodes.GeneratedColumnMismatch, owner, SqlExpression.Parse(generation).BindEquals(schema, position), generation)));
        }

        if (Has(TableFeature.AllowColumnDefaults) && Text(field, RuleKeys.CurrentDefault) is { } value)
        {
            _defaults.Add(new DefaultColumn(
                position, field, Named(
                    TableFeature.AllowColumnDefaults, $"the default of the column '{field.Name}'", value, () => SqlExpression.Parse(value))));
        }

        if (Has(TableFeature.IdentityColumns) && IdentityColumn.Of(field, position) is { } identity)
        {
            _identities.Add(identity);
        }
    }

    // Each generated column follows from columns that rows bring.
    private void RefuseChains()
    {
        foreach (GeneratedColumn column in _generated)
        {
            if (column.Value.Columns.FirstOrDefault(used => _generated.Exists(other => other.Position == used), -1) is var generated and >= 0)
            {
                throw new LakehouseException(
                    ErrorCodes.ExpressionInvalid,
                    $"The expression of the generated column '{schema.Fields[column.Position].Name}', '{column.Value.Sql}', speaks of "
                    + $"'{schema.Fields[generated].Name}', which is generated itself.");
            }
        }
    }

    private void ReadInvariants(DataType type, string path, bool insideList)
    {
        switch (type)
        {
            case StructType structure:
                foreach (StructField field in structure.Fields)
                {
                    string name = path.Length == 0 ? field.Name : path + "." + field.Name;
                    if (field.Metadata?[RuleKeys.Invariants] is { } invariant)
                    {
                        AddInvariant(invariant, name, insideList);
                    }

                    ReadInvariants(field.Type, name, insideList);
                }

                break;
            case ArrayType array:
                ReadInvariants(array.ElementType, path + ".element", insideList: true);
                break;
            case MapType map:
                ReadInvariants(map.KeyType, path + ".key", insideList: true);
                ReadInvariants(map.ValueType, path + ".value", insideList: true);
                break;
            default:
                break;
        }
    }

    private void AddInvariant(JsonNode invariant, string path, bool insideList)
    {
        string sql = InvariantText.Parse(invariant, path);
        if (insideList)
        {
            throw new UnsupportedFeatureException(
                ErrorCodes.ExpressionNotSupported,
                    $"This library does not know invariants (feature 'invariants') inside of lists and maps, such as '{sql}' of '{path}'.");
        }

        Add(TableFeature.Invariants, $"the invariant of the column '{path}'", sql);
    }

    private void Add(string feature, string owner, string sql) => _conditions.Add(Named(
        feature, owner, sql, () => new RowCondition(ErrorCodes.ConstraintViolation, owner, SqlExpression.Parse(sql).BindCondition(schema), sql)));

    private bool Has(string feature) => features.Contains(feature, StringComparer.Ordinal);

    // A rule that is no text is SQL all the same, such as 5; not to see it would be to break it.
    private static string? Text(StructField field, string key) =>
        field.Metadata?[key] is JsonValue value && value.TryGetValue(out string? text) ? text : field.Metadata?[key]?.ToJsonString();
}
