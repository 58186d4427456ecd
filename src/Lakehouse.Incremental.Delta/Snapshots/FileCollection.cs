using System.Collections;
using System.Collections.Immutable;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>The values of the file map as a collection with a count, without a copy.</summary>
internal sealed class FileCollection(ImmutableSortedDictionary<string, AddFile> files) : IReadOnlyCollection<AddFile>
{
    public int Count => files.Count;

    public IEnumerator<AddFile> GetEnumerator()
    {
        foreach (KeyValuePair<string, AddFile> entry in files)
        {
            yield return entry.Value;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
