using System.Collections;
using System.Collections.Immutable;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>The values of the tombstone map as a collection with a count, without a copy.</summary>
internal sealed class TombstoneCollection(ImmutableDictionary<LogicalFile, RemoveFile> tombstones) : IReadOnlyCollection<RemoveFile>
{
    public int Count => tombstones.Count;

    public IEnumerator<RemoveFile> GetEnumerator()
    {
        foreach (KeyValuePair<LogicalFile, RemoveFile> entry in tombstones)
        {
            yield return entry.Value;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
