using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Scd2;

/// <summary>The lists that events of a timeline come from, and the comparisons over them.</summary>
internal sealed class EventSources(MergeLayout layout, IReadOnlyList<ChangeBatch> lists) : IComparer<TimelineEvent>
{
    private readonly Dictionary<(int Source, int Column), UInt128[]> _cells = [];
    private readonly UInt128[]?[] _tracked = new UInt128[]?[lists.Count];
    private readonly EncodedRows?[,] _groups = new EncodedRows?[lists.Count, layout.Groups.Count];

    public MergeLayout Layout => layout;

    public IReadOnlyList<ChangeBatch> Lists => lists;

    /// <summary>Positions in the layout of the cells of a row: all columns but keys and order.</summary>
    public int[] CellColumns => layout.Rest;

    public ReadOnlySpan<byte> Order(TimelineEvent e) => lists[e.Source].Orders[e.Row];

    public ReadOnlySpan<byte> Position(TimelineEvent e) => lists[e.Source].Positions[e.Row];

    public bool IsDelete(TimelineEvent e) => lists[e.Source].IsDelete(e.Row);

    /// <summary>True for an event that shows a row from its place in the main order on.</summary>
    public bool IsRow(TimelineEvent e) => !IsDelete(e) && IsOrdered(e);

    public bool IsWhole(TimelineEvent e) => lists[e.Source].IsWhole(e.Row);

    /// <summary>True when the event takes from another key what it does not set.</summary>
    public bool ChangesKey(TimelineEvent e) => lists[e.Source].Links?.Has(e.Row) == true;

    public bool Sets(TimelineEvent e, int cell) => lists[e.Source].Sets(e.Row, layout.Rest[cell]);

    public bool IsNull(TimelineEvent e, int cell) => e == TimelineEvent.None || lists[e.Source].Rows.Column(layout.Rest[cell]).IsNull(e.Row);

    /// <summary>True when the event names a place in the main order; one that does not speaks only of groups.</summary>
    public bool IsOrdered(TimelineEvent e) => layout.Groups.Count == 0 || System.Array.TrueForAll(layout.Order, c => !lists[e.Source].Rows.Column(c).IsNull(e.Row));

    /// <summary>Rule ORDER across the lists; of equal events the one that is stored comes first, and a truncate before all.</summary>
    public int Compare(TimelineEvent x, TimelineEvent y)
    {
        int order = CompareOrder(x, y);
        return order != 0 ? order : y.Source.CompareTo(x.Source);
    }

    public int CompareOrder(TimelineEvent x, TimelineEvent y) => lists[x.Source].CompareOrder(x.Row, lists[y.Source], y.Row);

    /// <summary>Rank and digest: what decides between events at one place in an order.</summary>
    public int CompareIdentity(TimelineEvent x, TimelineEvent y) => lists[x.Source].CompareIdentity(x.Row, lists[y.Source], y.Row);

    /// <summary>Where the event stands in the order of a group.</summary>
    public ReadOnlySpan<byte> GroupOrder(TimelineEvent e, int group) =>
        (_groups[e.Source, group] ??= Index.SequenceEncoding.Encode(lists[e.Source].Rows, layout.Groups[group].Sequence))[e.Row];

    /// <summary>True when two rows agree on the tracked columns.</summary>
    public bool SameTracked(TimelineRow x, TimelineRow y) => x.Cells is null && y.Cells is null
        ? Tracked(x.Top) == Tracked(y.Top)
        : SameCells(x, y, static (sources, column) => System.Array.IndexOf(sources.Layout.Tracked, column) >= 0) && SameNamedTracked(x, y);

    /// <summary>True when two rows show the same in all cells.</summary>
    public bool SameCells(TimelineRow x, TimelineRow y) => SameCells(x, y, static (_, _) => true);

    private bool SameCells(TimelineRow x, TimelineRow y, Func<EventSources, int, bool> counts)
    {
        for (int cell = 0; cell < layout.Rest.Length; cell++)
        {
            if (counts(this, layout.Rest[cell]) && Cell(x.Author(cell), layout.Rest[cell]) != Cell(y.Author(cell), layout.Rest[cell]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Keys and sequences may be tracked by name; they are never missing.</summary>
    private bool SameNamedTracked(TimelineRow x, TimelineRow y) =>
        layout.Tracked.Where(c => System.Array.IndexOf(layout.Rest, c) < 0).All(c => Cell(x.Top, c) == Cell(y.Top, c));

    /// <summary>A canonical digest of one value; nulls have one of their own.</summary>
    private UInt128 Cell(TimelineEvent e, int column)
    {
        if (e == TimelineEvent.None || lists[e.Source].Rows.Column(column).IsNull(e.Row))
        {
            return UInt128.Zero;
        }

        if (!_cells.TryGetValue((e.Source, column), out UInt128[]? digests))
        {
            _cells.Add((e.Source, column), digests = RowDigest.Compute(lists[e.Source].Rows, [column], DigestDomain.Event));
        }

        return digests[e.Row];
    }

    private UInt128 Tracked(TimelineEvent e) =>
        (_tracked[e.Source] ??= RowDigest.Compute(lists[e.Source].Rows, layout.Tracked, DigestDomain.Event))[e.Row];
}
