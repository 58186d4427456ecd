using System.Globalization;

namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>A change event of the laws' little table: two key columns, two sequence columns, three data columns.</summary>
public sealed record Event(string K1, long K2, long S1, int S2, bool IsDelete, string? Name, double? Price, long? Amount)
{
    /// <summary>A line from which the event can be typed in again.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"new(\"{K1}\", {K2}, {S1}, {S2}, {(IsDelete ? "true" : "false")}, {(Name is null ? "null" : $"\"{Name}\"")}, {Text(Price)}, {(Amount is { } a ? a.ToString(CultureInfo.InvariantCulture) : "null")})");

    private static string Text(double? price) => price switch
    {
        null => "null",
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        { } p => p.ToString("R", CultureInfo.InvariantCulture) + "d",
    };
}
