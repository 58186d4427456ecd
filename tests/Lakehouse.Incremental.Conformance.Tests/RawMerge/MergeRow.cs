using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>A generated row.</summary>
internal sealed record MergeRow(long? Id, string? K, double? X, long? N, decimal? D)
{
    public string Sql => $"({string.Join(", ", Cell($"{Id}"), Cell(K, "'"), Cell(Text(X), "'", "::DOUBLE"), Cell($"{N}"), Cell(Text(D)))})";

    private static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Cell(string? text, string quote = "", string type = "") => string.IsNullOrEmpty(text) ? "NULL" : quote + text + quote + type;

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

    public static IEnumerable<string> Texts(RecordBatch batch, int columns) => Enumerable.Range(0, batch.Length)
        .Select(row => string.Join('|', Enumerable.Range(0, columns).Select(column => CellText.Format(batch.Column(column), row))));

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
