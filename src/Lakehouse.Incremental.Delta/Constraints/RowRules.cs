using System.Runtime.CompilerServices;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>
/// What a table demands of its rows beyond their types: CHECK constraints, column invariants, generated columns; and how it fills columns that rows
/// do not bring: defaults, generated and identity columns. Parsed once for each metadata action.
/// </summary>
internal sealed record RowRules
{
    private static readonly ConditionalWeakTable<MetadataAction, RowRules> Known = [];

    /// <summary>What each row fulfils, generated columns included.</summary>
    public required IReadOnlyList<RowCondition> Conditions { get; init; }

    public required IReadOnlyList<GeneratedColumn> Generated { get; init; }

    public required IReadOnlyList<DefaultColumn> Defaults { get; init; }

    public required IReadOnlyList<IdentityColumn> Identities { get; init; }

    /// <summary>The features whose rules bind only when the protocol has them, as far as it has.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>The rules of a version.</summary>
    /// <exception cref="UnsupportedFeatureException">
    /// A rule uses what is not known here (<see cref="ErrorCodes.ExpressionNotSupported"/>); the message has its text.
    /// </exception>
    /// <exception cref="LakehouseException">A rule is not valid (<see cref="ErrorCodes.ExpressionInvalid"/>).</exception>
    public static RowRules Of(Snapshot snapshot)
    {
        string[] features =
        [
            .. TableFeature.OfWriter(snapshot.Protocol.MinWriterVersion, snapshot.Protocol.WriterFeatures).Where(RowRulesReader.IsBinding),
        ];
        if (Known.TryGetValue(snapshot.Metadata, out RowRules? known) && known.Features.SequenceEqual(features, StringComparer.Ordinal))
        {
            return known;
        }

        RowRules rules = new RowRulesReader(snapshot.DeltaSchema, snapshot.Metadata.Configuration, features).Read();
        Known.AddOrUpdate(snapshot.Metadata, rules);
        return rules;
    }

    /// <summary>Checks that the rules of a new definition are all understood, so that no table comes to be that cannot be written to.</summary>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static void Validate(StructType schema, IReadOnlyDictionary<string, string> configuration)
    {
        RowRules rules = new RowRulesReader(schema, configuration, RowRulesReader.Binding).Read();
        foreach (DefaultColumn column in rules.Defaults)
        {
            RowRulesReader.Named(
                TableFeature.AllowColumnDefaults, $"the default of the column '{column.Field.Name}'", column.Expression.Sql, () =>
                    column.Bind(DateTimeOffset.UnixEpoch));
        }
    }

    /// <summary>Checks rows in the order of the schema; columns behind those of the schema do not count.</summary>
    /// <exception cref="InvalidRowsException">
    /// <see cref="ErrorCodes.ConstraintViolation"/>, <see cref="ErrorCodes.GeneratedColumnMismatch"/>: rows break a rule; the code of the cause
    /// when a rule has no result for a row.
    /// </exception>
    public void Check(string table, IReadOnlyList<RecordBatch> rows)
    {
        foreach (RowCondition condition in Conditions)
        {
            ConditionCheck check = new(condition, table);
            foreach (RecordBatch batch in rows)
            {
                check.Add(batch);
            }

            check.ThrowIfBroken();
        }
    }

    /// <summary>Refuses rows that bring values for columns which the table numbers itself.</summary>
    public void RefuseGivenIdentity(string table)
    {
        if (Identities.FirstOrDefault(static column => !column.AllowsExplicit) is { } column)
        {
            throw GivenIdentity(column, table);
        }
    }

    /// <summary>The error of values for a column which the table numbers itself.</summary>
    public static InvalidRowsException GivenIdentity(IdentityColumn column, string table) => new(
        ErrorCodes.IdentityValue,
        $"The rows do not fit '{table}': the column '{column.Name}' is numbered by the table (GENERATED ALWAYS AS IDENTITY) and takes no values. "
        + "Nothing was written.")
    {
        Table = table,
    };
}
