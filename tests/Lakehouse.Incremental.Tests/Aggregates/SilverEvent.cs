using System.Globalization;

namespace Lakehouse.Incremental.Tests.Aggregates;

/// <summary>A change of a row of the input: an upsert, or a delete of the key.</summary>
internal sealed record SilverEvent(int Id, bool Delete, string? Group, double? Zone, double? Real, float? Single, long? Whole, string? Text)
{
    /// <summary>As an expression that makes it again.</summary>
    public override string ToString() => Delete
        ? FormattableString.Invariant($"new({Id}, true, null, null, null, null, null, null)")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"new({Id}, false, {Quoted(Group)}, {Number(Zone)}, {Number(Real)}, {Number(Single, "f")}, {Whole ?? (object)"null"}, {Quoted(Text)})");

    private static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";

    private static string Number(double? value, string suffix = "d") => value switch
    {
        null => "null",
        double.NaN => suffix == "f" ? "float.NaN" : "double.NaN",
        double.PositiveInfinity => suffix == "f" ? "float.PositiveInfinity" : "double.PositiveInfinity",
        double.NegativeInfinity => suffix == "f" ? "float.NegativeInfinity" : "double.NegativeInfinity",
        { } v => v.ToString("R", CultureInfo.InvariantCulture) + suffix,
    };
}
