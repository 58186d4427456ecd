using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>YCSB's table: a text as key, and ten texts of a hundred characters.</summary>
internal sealed class UserTable : Dataset
{
    private const int Fields = 10;
    private const int FieldLength = 100;

    private UserTable()
    {
    }

    public static UserTable Instance { get; } = new();

    public override string Name => "usertable";

    public override IReadOnlyList<string> Keys { get; } = ["y_id"];

    public override string Sequence => "y_seq";

    public override Schema Schema { get; } = new(
        [
            new Field("y_id", StringType.Default, false),
            .. Enumerable.Range(0, Fields).Select(static f => new Field(string.Create(CultureInfo.InvariantCulture, $"field{f}"), StringType.Default, true)),
            new Field("y_seq", Int64Type.Default, false),
        ],
        null);

    protected override IReadOnlyList<IArrowArray> Cells(ReadOnlyMemory<RowId> ids, long seed) =>
    [
        // As in YCSB the keys are in no order.
        Cell.Text(ids.Length, i => Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"user{Hash.Of(seed, ids.Span[i].Order, ids.Span[i].Line):D20}"))),
        .. Enumerable.Range(0, Fields).Select(f => Cell.Text(ids.Length, i => Letters(Hash.Of(seed, ids.Span[i].Order, ids.Span[i].Line, (ids.Span[i].Version * Fields) + f + 1)))),
        Cell.Int64(ids.Length, i => ids.Span[i].Version),
    ];

    private static byte[] Letters(ulong random)
    {
        byte[] letters = new byte[FieldLength];
        for (int i = 0; i < letters.Length; i++)
        {
            random = (random * 6364136223846793005) + 1442695040888963407;
            letters[i] = (byte)('a' + (random >> 60));
        }

        return letters;
    }
}
