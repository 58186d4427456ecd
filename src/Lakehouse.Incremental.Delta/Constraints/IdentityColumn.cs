using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>A column that numbers its rows: start, start + step and so on, each number once, in the order of commits.</summary>
/// <param name="Position">Its position in the schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Start">The first number.</param>
/// <param name="Step">The distance of two numbers; not 0.</param>
/// <param name="HighWaterMark">The last number that was given out; null for none.</param>
/// <param name="AllowsExplicit">Whether rows may bring numbers of their own. Those do not move the mark.</param>
internal sealed record IdentityColumn(int Position, string Name, long Start, long Step, long? HighWaterMark, bool AllowsExplicit)
{
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: the metadata tells no numbering.</exception>
    public static IdentityColumn? Of(StructField field, int position)
    {
        if (field.Metadata is not { } metadata
            || !metadata.Any(static mark => mark.Key.StartsWith(RuleKeys.IdentityPrefix, StringComparison.Ordinal)))
        {
            return null;
        }

        IdentityColumn column = new(
            position,
            field.Name,
            Number(metadata, RuleKeys.IdentityStart, field) ?? 1,
            Number(metadata, RuleKeys.IdentityStep, field) ?? 1,
            Number(metadata, RuleKeys.IdentityHighWaterMark, field),
            metadata[RuleKeys.IdentityAllowExplicitInsert] is JsonValue flag && flag.TryGetValue(out bool allows) && allows);
        return field.Type != PrimitiveType.Long ? throw Invalid(field, $"is of type {field.Type}, not bigint")
            : column.Step == 0 ? throw Invalid(field, "has a step of 0")
            : column;
    }

    /// <summary>The first number of a run that was never given out.</summary>
    /// <param name="count">How many numbers the run has; at least 1.</param>
    /// <param name="table">The table, for the message.</param>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.Overflow"/>: the numbers run out.</exception>
    public long Reserve(long count, string table)
    {
        // A mark that lies between two numbers was moved there by others; the next one is beyond it.
        Int128 place = HighWaterMark is { } mark ? Int128.Max(FloorDivide((Int128)mark - Start, Step) + 1, 0) : 0;
        Int128 first = Start + (place * Step);
        Int128 last = first + ((Int128)(count - 1) * Step);
        return first == (long)first && last == (long)last ? (long)first : throw new LakehouseException(
            ErrorCodes.Overflow, $"The numbers of the identity column '{Name}' of '{table}' run out. Nothing was written.")
        {
            Table = table,
            Count = count,
        };
    }

    private static Int128 FloorDivide(Int128 value, Int128 divisor)
    {
        (Int128 quotient, Int128 rest) = Int128.DivRem(value, divisor);
        return rest != 0 && (rest < 0) != (divisor < 0) ? quotient - 1 : quotient;
    }

    private static long? Number(JsonObject metadata, string key, StructField field) => metadata[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out long number) => number,
        { } other => throw Invalid(field, $"has '{key}' of {other.ToJsonString()}, which is no bigint"),
    };

    private static LakehouseException Invalid(StructField field, string what) =>
        new(ErrorCodes.InvalidConfiguration, $"The identity column '{field.Name}' {what}.");
}
