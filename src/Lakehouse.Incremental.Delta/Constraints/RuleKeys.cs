namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>Where a table keeps its rules: table properties and metadata of fields.</summary>
internal static class RuleKeys
{
    public const string ConstraintPrefix = "delta.constraints.";
    public const string Invariants = "delta.invariants";
    public const string GenerationExpression = "delta.generationExpression";
    public const string CurrentDefault = "CURRENT_DEFAULT";
    public const string IdentityPrefix = "delta.identity.";
    public const string IdentityStart = "delta.identity.start";
    public const string IdentityStep = "delta.identity.step";
    public const string IdentityHighWaterMark = "delta.identity.highWaterMark";
    public const string IdentityAllowExplicitInsert = "delta.identity.allowExplicitInsert";

    public static bool IsConstraint(string property) => property.StartsWith(ConstraintPrefix, StringComparison.OrdinalIgnoreCase);
}
