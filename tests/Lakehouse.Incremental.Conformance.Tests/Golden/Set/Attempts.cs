using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>Writes that a table with a rule may have to refuse: rows it has, the removal of rows, and rows of extreme values.</summary>
internal static class Attempts
{
    private const long FarAway = 100_000;

    public static async Task<IReadOnlyList<(string Name, Func<DeltaTable, Task> Write)>> OfAsync(DeltaTable table)
    {
        RecordBatch? row = await TableCopy.FirstRowAsync(table);
        List<(string, Func<DeltaTable, Task>)> attempts = [];
        if (row is not null)
        {
            attempts.Add(("append of a row it has", t => t.AppendAsync(row)));
        }

        Schema schema = table.CurrentSnapshot.Schema;
        foreach (int sign in (int[])[1, -1, 0])
        {
            RecordBatch extreme = new(schema, schema.FieldsList.Select(f => ConstantArray.Create(f.DataType, Value(f.DataType, sign), 1)), 1);
            attempts.Add(($"append of a row of {(sign > 0 ? "great" : sign < 0 ? "small" : "no")} values", t => t.AppendAsync(extreme)));
        }

        if (row is not null)
        {
            attempts.Add(("overwrite", t => t.OverwriteAsync(row)));
        }

        return attempts;
    }

    private static object? Value(IArrowType type, int sign) => sign == 0 ? null : type switch
    {
        StringType => sign > 0 ? "~" : "!",
        Int8Type => (sbyte)(sign * sbyte.MaxValue),
        Int16Type => (short)(sign * short.MaxValue),
        Int32Type => sign * int.MaxValue,
        Int64Type => sign * long.MaxValue,
        FloatType => sign * float.MaxValue,
        DoubleType => sign * double.MaxValue,
        BooleanType => sign > 0,
        Date32Type => (int)(sign * FarAway),
        TimestampType => sign * FarAway * 86_400_000_000,
        Decimal128Type decimals => sign * (BigInteger.Pow(10, decimals.Precision) - 1),
        _ => null,
    };
}
