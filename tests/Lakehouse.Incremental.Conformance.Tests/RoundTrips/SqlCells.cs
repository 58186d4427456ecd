using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Tests.RoundTrips;

namespace Lakehouse.Incremental.Conformance.Tests.RoundTrips;

/// <summary>
/// The texts of cells as DuckDB makes them of a column, and what they must be: values of simple types whole, of floating-point and nested types
/// whether there is one.
/// </summary>
internal static class SqlCells
{
    private const string Something = "something";

    /// <summary>An expression for a column that lies in the file.</summary>
    public static string Expression(ModelColumn column)
    {
        string cell = $"\"{column.Name}\"";
        string text = column.Type switch
        {
            StringType => $"'''' || {cell} || ''''",
            BinaryType => $"'x' || hex({cell})",
            BooleanType => $"CASE WHEN {cell} THEN 'True' ELSE 'False' END",
            _ when !IsWhole(column) => $"'{Something}'",
            _ => OfNumber(column.Type, cell),
        };
        return $"CASE WHEN {cell} IS NULL THEN 'null' ELSE {text} END";
    }

    /// <summary>An expression for a partition value, out of its text in the log.</summary>
    public static string Expression(ModelColumn column, string? text) => text is null ? "'null'"
        : !IsWhole(column) ? $"'{Something}'"
        : column.Type is BooleanType ? $"CASE WHEN '{text}'::BOOLEAN THEN 'True' ELSE 'False' END"
        : OfNumber(column.Type, $"'{text}'::{SqlType(column.Type)}");

    /// <summary>The cell that a model has, as the expression shows it.</summary>
    public static string Expected(ModelColumn column, string cell) => cell == "null" || IsWhole(column) ? cell : Something;

    private static bool IsWhole(ModelColumn column) => column.Type is not (FloatType or DoubleType or NestedType)
        && !(column.IsPartition && column.Type is StringType or BinaryType);

    private static string OfNumber(IArrowType type, string cell) => type switch
    {
        Date32Type => $"'day ' || datediff('day', DATE '1970-01-01', {cell})",
        TimestampType time => $"'at ' || epoch_us({cell}) || ' {time.Timezone}'",

        // Where all digits stand behind the point, none is printed before it.
        Decimal128Type => $"regexp_replace(({cell})::VARCHAR, '^(-?)[.]', '\\10.')",
        _ => $"({cell})::VARCHAR",
    };

    private static string SqlType(IArrowType type) => type switch
    {
        Int8Type => "TINYINT",
        Int16Type => "SMALLINT",
        Int32Type => "INTEGER",
        Int64Type => "BIGINT",
        Date32Type => "DATE",
        TimestampType time => time.Timezone is null ? "TIMESTAMP" : "TIMESTAMPTZ",
        Decimal128Type number => $"DECIMAL({number.Precision},{number.Scale})",
        _ => throw new ArgumentException(type.Name, nameof(type)),
    };
}
