using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>A generated row. The timestamp is in microseconds; the struct is null, or has fields that may be.</summary>
internal sealed record MergeRow(long? Id, string? K, double? X, long? N, decimal? D, long? T, (long? A, string? B)? P)
{
    public string Sql => $"({string.Join(", ", Number(Id), Text(K), Double, Number(N), Number(D), Timestamp, Struct)})";

    private string Double => X is null ? "NULL" : $"'{X.Value.ToString(CultureInfo.InvariantCulture)}'::DOUBLE";

    private string Timestamp => T is null ? "NULL" : $"make_timestamp({Number(T)})";

    private string Struct => P is null ? "NULL" : $"{{'a': {Number(P.Value.A)}, 'b': {Text(P.Value.B)}}}";

    /// <summary>The rows of a table as texts, sorted.</summary>
    public static async Task<string[]> AllAsync(DeltaTable table)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            rows.AddRange(Texts(batch, batch.ColumnCount));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    /// <summary>Zero has no sign: a change of that alone is none.</summary>
    public static IEnumerable<string> Texts(RecordBatch batch, int columns) => Enumerable.Range(0, batch.Length)
        .Select(row => string.Join('|', Enumerable.Range(0, columns).Select(column => batch.Column(column) switch
        {
            DoubleArray doubles when doubles.GetValue(row) == 0 => "0",
            TimestampArray times when !times.IsNull(row) => times.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
            var other => CellText.Format(other, row),
        })));

    public static RecordBatch Batch(Schema schema, IReadOnlyList<MergeRow> rows)
    {
        Int64Array.Builder id = new(), n = new(), a = new();
        StringArray.Builder k = new(), b = new();
        DoubleArray.Builder x = new();
        Decimal128Array.Builder d = new((Decimal128Type)schema.GetFieldByName("d").DataType);
        ArrowBuffer.Builder<long> times = new();
        ArrowBuffer.BitmapBuilder hasTime = new(), hasStruct = new();
        foreach (MergeRow row in rows)
        {
            id.Append(row.Id);
            n.Append(row.N);
            x.Append(row.X);
            k.Append(row.K);
            _ = row.D is null ? d.AppendNull() : d.Append(row.D.Value);
            times.Append(row.T ?? 0);
            hasTime.Append(row.T is not null);
            a.Append(row.P?.A);
            b.Append(row.P?.B);
            hasStruct.Append(row.P is not null);
        }

        IArrowType structure = schema.GetFieldByName("p").DataType;
        TimestampArray t = new((TimestampType)schema.GetFieldByName("t").DataType, times.Build(), hasTime.Build(), rows.Count, hasTime.UnsetBitCount, 0);
        StructArray p = new(structure, rows.Count, [a.Build(), b.Build()], hasStruct.Build(), hasStruct.UnsetBitCount);
        return new RecordBatch(schema, [id.Build(), k.Build(), x.Build(), n.Build(), d.Build(), t, p], rows.Count);
    }

    private static string Number(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "NULL";

    private static string Text(string? value) => value is null ? "NULL" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
