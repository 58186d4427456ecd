using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>A key, its sequence, and many columns of few types.</summary>
internal sealed class WideTable : Dataset
{
    private static readonly Decimal128Type Exact = new(38, 6);
    private static readonly byte[][] Words = Texts([.. Enumerable.Range(0, 200).Select(static n => string.Create(CultureInfo.InvariantCulture, $"value {n}"))]);

    private readonly int _columns;

    /// <param name="columns">Columns beside key and sequence.</param>
    public WideTable(int columns)
    {
        _columns = columns;
        Schema = new Schema(
            [
                new Field("id", Int64Type.Default, false),
                .. Enumerable.Range(0, columns).Select(static c => new Field(string.Create(CultureInfo.InvariantCulture, $"c{c:D3}"), TypeOf(c), true)),
                new Field("seq", Int64Type.Default, false),
            ],
            null);
    }

    public override string Name => string.Create(CultureInfo.InvariantCulture, $"wide{_columns}");

    public override IReadOnlyList<string> Keys { get; } = ["id"];

    public override string Sequence => "seq";

    public override Schema Schema { get; }

    protected override IReadOnlyList<IArrowArray> Cells(ReadOnlyMemory<RowId> ids, long seed)
    {
        int rows = ids.Length;
        ulong Draw(int row, int column) => Hash.Of(seed + column, Id(ids.Span[row]), ids.Span[row].Version);
        return
        [
            Cell.Int64(rows, i => Id(ids.Span[i])),
            .. Enumerable.Range(0, _columns).Select(c => (c % 4) switch
            {
                0 => Cell.Int64(rows, i => (long)(Draw(i, c) % 1000)),
                1 => Cell.Text(rows, i => Words[Draw(i, c) % (ulong)Words.Length]),
                2 => Cell.Decimal(rows, Exact, i => (long)(Draw(i, c) % 1_000_000)),
                _ => Cell.Int32(rows, i => (int)(Draw(i, c) % 50)),
            }),
            Cell.Int64(rows, i => ids.Span[i].Version),
        ];
    }

    private static IArrowType TypeOf(int column) => (column % 4) switch
    {
        0 => Int64Type.Default,
        1 => StringType.Default,
        2 => Exact,
        _ => Int32Type.Default,
    };

    // Lines of an order get ids that follow one another, with room between orders.
    private static long Id(RowId row) => (row.Order * 8) + row.Line;
}
