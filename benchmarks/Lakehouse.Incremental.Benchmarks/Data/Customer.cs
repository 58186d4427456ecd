using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>A customer dimension: a key, twelve attributes, and the place of the change in its source.</summary>
internal static class Customer
{
    public const string Key = "c_id";

    public const string Sequence = "c_seq";

    private static readonly Decimal128Type Money = new(12, 2);

    private static readonly IReadOnlyList<Field> AttributeFields =
    [
        new("c_name", StringType.Default, true),
        new("c_address", StringType.Default, true),
        new("c_city", StringType.Default, true),
        new("c_country", StringType.Default, true),
        new("c_phone", StringType.Default, true),
        new("c_segment", StringType.Default, true),
        new("c_gender", StringType.Default, true),
        new("c_tier", Int32Type.Default, true),
        new("c_agent", Int64Type.Default, true),
        new("c_balance", Money, true),
        new("c_limit", Money, true),
        new("c_born", Date32Type.Default, true),
    ];

    public static IReadOnlyList<string> Attributes { get; } = [.. AttributeFields.Select(static f => f.Name)];

    public static Schema Changes { get; } = new(
        [new(Key, Int64Type.Default, false), .. AttributeFields, new(Sequence, Int64Type.Default, false), new(Dataset.Operation, StringType.Default, false)], null);

    /// <param name="rows">The order is the key, the version says which attributes it has.</param>
    /// <param name="sequence">The place of a row's change.</param>
    /// <param name="seed">Of the data.</param>
    public static RecordBatch Events(ReadOnlyMemory<RowId> rows, Func<RowId, long> sequence, long seed)
    {
        int count = rows.Length;
        ulong Draw(int row, int column) => Hash.Of(seed, rows.Span[row].Order, rows.Span[row].Version, column);
        IArrowArray Text(int column, string name, ulong different) => Cell.Text(
            count, i => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {Draw(i, column) % different}")));
        return new RecordBatch(
            Changes,
            [
                Cell.Int64(count, i => rows.Span[i].Order),
                Text(1, "Customer", 1_000_000),
                Text(2, "Main street", 5000),
                Text(3, "City", 1000),
                Text(4, "Country", 100),
                Text(5, "+43", 100_000_000),
                Text(6, "SEGMENT", 5),
                Text(7, "", 3),
                Cell.Int32(count, i => (int)(Draw(i, 8) % 4)),
                Cell.Int64(count, i => (long)(Draw(i, 9) % 10_000)),
                Cell.Decimal(count, Money, i => (long)(Draw(i, 10) % 10_000_000)),
                Cell.Decimal(count, Money, i => (long)(Draw(i, 11) % 100) * 100_000),
                Cell.Date(count, i => (int)(Draw(i, 12) % 20_000)),
                Cell.Int64(count, i => sequence(rows.Span[i])),
                Cell.Text(count, i => [(byte)rows.Span[i].Operation]),
            ],
            count);
    }
}
