using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>The table of most workloads: the columns of TPC-H's lineitem, and <c>l_seq</c>, the place of the last change in its source.</summary>
internal static class LineItem
{
    public const string Operation = "op";

    private const int LinesOfAnOrder = 4;

    private static readonly Decimal128Type Money = new(15, 2);
    private static readonly byte[][] ReturnFlags = Texts("A", "N", "R");
    private static readonly byte[][] Statuses = Texts("F", "O");
    private static readonly byte[][] Instructions = Texts("DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN");
    private static readonly byte[][] Modes = Texts("REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB");
    private static readonly byte[][] Comments = MakeComments();

    public static IReadOnlyList<string> Keys { get; } = ["l_orderkey", "l_linenumber"];

    public static Schema Schema { get; } = new(
        [
            new("l_orderkey", Int64Type.Default, false),
            new("l_partkey", Int64Type.Default, false),
            new("l_suppkey", Int64Type.Default, false),
            new("l_linenumber", Int32Type.Default, false),
            new("l_quantity", Money, true),
            new("l_extendedprice", Money, true),
            new("l_discount", Money, true),
            new("l_tax", Money, true),
            new("l_returnflag", StringType.Default, true),
            new("l_linestatus", StringType.Default, true),
            new("l_shipdate", Date32Type.Default, true),
            new("l_commitdate", Date32Type.Default, true),
            new("l_receiptdate", Date32Type.Default, true),
            new("l_shipinstruct", StringType.Default, true),
            new("l_shipmode", StringType.Default, true),
            new("l_comment", StringType.Default, true),
            new("l_seq", Int64Type.Default, false),
        ],
        null);

    /// <summary>The columns of a change: the table's, and what it does.</summary>
    public static Schema Changes { get; } = new([.. Schema.FieldsList, new Field(Operation, StringType.Default, false)], null);

    /// <summary>The row at a place of the base table, which is sorted by its key.</summary>
    public static RowId Base(long place) => new((place / LinesOfAnOrder) + 1, (int)(place % LinesOfAnOrder) + 1, 0);

    /// <summary>The place of such a row.</summary>
    public static long Place(RowId row) => ((row.Order - 1) * LinesOfAnOrder) + row.Line - 1;

    /// <summary>A row between those of the base table; distinct for places up to a quarter of its rows.</summary>
    public static RowId Between(long order, long version) => new(order + 1, LinesOfAnOrder + 1, version, 'c');

    /// <summary>A row after all rows of a base table.</summary>
    public static RowId After(long baseRows, long place, long version) =>
        Base(baseRows + LinesOfAnOrder + place) with { Version = version, Operation = 'c' };

    public static long Orders(long baseRows) => Math.Max(baseRows / LinesOfAnOrder, 1);

    public static RecordBatch Rows(ReadOnlyMemory<RowId> ids, long seed) => new(Schema, Cells(ids, seed), ids.Length);

    public static RecordBatch Events(ReadOnlyMemory<RowId> ids, long seed)
    {
        byte[][] codes = Texts("c", "u", "d");
        IArrowArray operations = Columns.Text(ids.Length, i => codes["cud".IndexOf(ids.Span[i].Operation, StringComparison.Ordinal)]);
        return new RecordBatch(Changes, [.. Cells(ids, seed), operations], ids.Length);
    }

    private static IArrowArray[] Cells(ReadOnlyMemory<RowId> ids, long seed)
    {
        int rows = ids.Length;
        ulong[] random = new ulong[rows];
        for (int i = 0; i < rows; i++)
        {
            RowId id = ids.Span[i];
            random[i] = Hash.Of(seed, id.Order, id.Line, id.Version);
        }

        // Each column takes other bits of the row's number.
        ulong Draw(int row, int column) => Hash.Of((long)random[row], column);
        IArrowArray Pick(int column, byte[][] texts) => Columns.Text(rows, i => texts[Draw(i, column) % (ulong)texts.Length]);
        IArrowArray Amount(int column, long from, long to) => Columns.Decimal(rows, Money, i => from + (long)(Draw(i, column) % (ulong)(to - from)));
        int Shipped(int row) => 8036 + (int)(Draw(row, 10) % 2526);
        return
        [
            Columns.Int64(rows, i => ids.Span[i].Order),
            Columns.Int64(rows, i => (long)(Draw(i, 1) % 200_000)),
            Columns.Int64(rows, i => (long)(Draw(i, 2) % 10_000)),
            Columns.Int32(rows, i => ids.Span[i].Line),
            Columns.Decimal(rows, Money, i => 100 * (1 + (long)(Draw(i, 4) % 50))),
            Amount(5, 90_000, 10_500_000),
            Amount(6, 0, 11),
            Amount(7, 0, 9),
            Pick(8, ReturnFlags),
            Pick(9, Statuses),
            Columns.Date(rows, Shipped),
            Columns.Date(rows, i => Shipped(i) - 30 + (int)(Draw(i, 11) % 60)),
            Columns.Date(rows, i => Shipped(i) + 1 + (int)(Draw(i, 12) % 30)),
            Pick(13, Instructions),
            Pick(14, Modes),
            Pick(15, Comments),
            Columns.Int64(rows, i => ids.Span[i].Version),
        ];
    }

    private static byte[][] MakeComments()
    {
        string[] words = ["carefully", "quickly", "final", "regular", "pending", "deposits", "accounts", "requests", "ironic", "express", "packages", "sleep"];
        return Texts([.. Enumerable.Range(0, 4096).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"{words[n % 12]} {words[n / 12 % 12]} {words[n / 144 % 12]} {n}"))]);
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
