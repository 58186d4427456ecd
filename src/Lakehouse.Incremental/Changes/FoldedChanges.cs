namespace Lakehouse.Incremental.Changes;

/// <summary>The events of a batch by key: keys in canonical order, the events of a key distinct and in ORDER.</summary>
internal sealed class FoldedChanges
{
    private readonly int[] _events;
    private readonly (int Start, int Length)[] _groups;

    public FoldedChanges(int[] events, (int Start, int Length)[] groups, long duplicates)
    {
        _events = events;
        _groups = groups;
        Duplicates = duplicates;
    }

    /// <summary>Number of distinct keys.</summary>
    public int Count => _groups.Length;

    /// <summary>Events that were there more than once; each further copy counts.</summary>
    public long Duplicates { get; }

    /// <summary>Row numbers of a key's events.</summary>
    public ReadOnlySpan<int> Events(int key) => _events.AsSpan(_groups[key].Start, _groups[key].Length);
}
