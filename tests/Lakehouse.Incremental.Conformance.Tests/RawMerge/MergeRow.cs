using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>A generated row.</summary>
internal sealed record MergeRow(long? Id, string? K, double? X, long? N, decimal? D)
{
    public string Sql => string.Create(
        CultureInfo.InvariantCulture,
        $"({Id?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}, {(K is null ? "NULL" : $"'{K}'")}, {(X is { } x ? $"'{x:R}'::DOUBLE" : "NULL")}, {N?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}, {D?.ToString("0.00", CultureInfo.InvariantCulture) ?? "NULL"})");

    public static RecordBatch Batch(Schema schema, IReadOnlyList<MergeRow> rows)
    {
        Int64Array.Builder id = new(), n = new();
        StringArray.Builder k = new();
        DoubleArray.Builder x = new();
        Decimal128Array.Builder d = new((Decimal128Type)schema.GetFieldByName("d").DataType);
        foreach (MergeRow row in rows)
        {
            id.Append(row.Id);
            n.Append(row.N);
            x.Append(row.X);
            _ = row.K is null ? k.AppendNull() : k.Append(row.K);
            _ = row.D is null ? d.AppendNull() : d.Append(row.D.Value);
        }

        return new RecordBatch(schema, [id.Build(), k.Build(), x.Build(), n.Build(), d.Build()], rows.Count);
    }
}
