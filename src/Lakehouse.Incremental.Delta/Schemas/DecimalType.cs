using System.Globalization;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary><c>decimal(precision,scale)</c> with a precision of 1 to 38.</summary>
internal sealed record DecimalType(int Precision, int Scale) : DataType
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"decimal({Precision},{Scale})");
}
