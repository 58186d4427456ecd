using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>The table of most workloads: the columns of TPC-H's lineitem, and <c>l_seq</c>, the place of the last change in its source.</summary>
internal sealed class LineItem : Dataset
{
    private static readonly Decimal128Type Money = new(15, 2);
    private static readonly byte[][] ReturnFlags = Texts("A", "N", "R");
    private static readonly byte[][] Statuses = Texts("F", "O");
    private static readonly byte[][] Instructions = Texts("DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN");
    private static readonly byte[][] Modes = Texts("REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB");
    private static readonly byte[][] Comments = MakeComments();

    private LineItem()
    {
    }

    public static LineItem Instance { get; } = new();

    public override string Name => "lineitem";

    public override IReadOnlyList<string> Keys { get; } = ["l_orderkey", "l_linenumber"];

    public override string Sequence => "l_seq";

    public override Schema Schema { get; } = new(
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

    protected override IReadOnlyList<IArrowArray> Cells(ReadOnlyMemory<RowId> ids, long seed)
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
        IArrowArray Pick(int column, byte[][] texts) => Cell.Text(rows, i => texts[Draw(i, column) % (ulong)texts.Length]);
        IArrowArray Amount(int column, long from, long to) => Cell.Decimal(rows, Money, i => from + (long)(Draw(i, column) % (ulong)(to - from)));
        int Shipped(int row) => 8036 + (int)(Draw(row, 10) % 2526);
        return
        [
            Cell.Int64(rows, i => ids.Span[i].Order),
            Cell.Int64(rows, i => (long)(Draw(i, 1) % 200_000)),
            Cell.Int64(rows, i => (long)(Draw(i, 2) % 10_000)),
            Cell.Int32(rows, i => ids.Span[i].Line),
            Cell.Decimal(rows, Money, i => 100 * (1 + (long)(Draw(i, 4) % 50))),
            Amount(5, 90_000, 10_500_000),
            Amount(6, 0, 11),
            Amount(7, 0, 9),
            Pick(8, ReturnFlags),
            Pick(9, Statuses),
            Cell.Date(rows, Shipped),
            Cell.Date(rows, i => Shipped(i) - 30 + (int)(Draw(i, 11) % 60)),
            Cell.Date(rows, i => Shipped(i) + 1 + (int)(Draw(i, 12) % 30)),
            Pick(13, Instructions),
            Pick(14, Modes),
            Pick(15, Comments),
            Cell.Int64(rows, i => ids.Span[i].Version),
        ];
    }

    private static byte[][] MakeComments()
    {
        string[] words = ["carefully", "quickly", "final", "regular", "pending", "deposits", "accounts", "requests", "ironic", "express", "packages", "sleep"];
        return Texts([.. Enumerable.Range(0, 4096).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"{words[n % 12]} {words[n / 12 % 12]} {words[n / 144 % 12]} {n}"))]);
    }
}
