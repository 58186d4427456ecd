using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Live rows of some files that have the key of a source row, or none but lie in the scope of a clause for such rows; in the order of files and of rows in
/// them. Rows are numbered through.
/// </summary>
/// <param name="scopes">How many clauses look for rows without a match.</param>
internal sealed class TargetMatches(int scopes)
{
    private readonly List<AddFile> _files = [];
    private readonly List<int> _firsts = [];
    private readonly List<int> _positions = [];
    private readonly List<int> _sources = [];
    private readonly List<bool>?[] _inScope = new List<bool>?[scopes];

    /// <summary>The files that hold such rows.</summary>
    public IReadOnlyList<AddFile> Files => _files;

    public int Count => _positions.Count;

    /// <summary>The position of each row in its file.</summary>
    public ReadOnlySpan<int> Positions => CollectionsMarshal.AsSpan(_positions);

    /// <summary>The first source row with the key of each row, or -1.</summary>
    public ReadOnlySpan<int> Sources => CollectionsMarshal.AsSpan(_sources);

    /// <summary>Adds rows of the next file, or of the last one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="firstRow">The position of the first row in the file.</param>
    /// <param name="live">Which rows are not deleted.</param>
    /// <param name="found">The first source row with the key of each row, -1 for none; null when there is none.</param>
    /// <param name="inScope">For each clause which rows its scope holds; null when it holds none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Long and rarely called, as in SourceIndex.
    public void Add(AddFile file, long firstRow, bool[] live, int[]? found, IReadOnlyList<bool[]>? inScope)
    {
        int before = Count;
        for (int row = 0; row < live.Length; row++)
        {
            int source = found is null ? -1 : found[row];
            if (live[row] && (source >= 0 || (inScope is not null && Any(inScope, row))))
            {
                _positions.Add(checked((int)(firstRow + row)));
                _sources.Add(source);
                for (int scope = 0; scope < _inScope.Length; scope++)
                {
                    (_inScope[scope] ??= []).Add(inScope is not null && inScope[scope][row]);
                }
            }
        }

        if (Count > before && (_files.Count == 0 || !ReferenceEquals(_files[^1], file)))
        {
            _files.Add(file);
            _firsts.Add(before);
        }
    }

    /// <summary>Whether a row lies in the scope of the nth clause for rows without a match.</summary>
    public bool IsInScope(int clause, int row) => _inScope[clause]![row];

    /// <summary>Which of some rows, ascending, lie in which file: the first and the number of them.</summary>
    public IEnumerable<(AddFile File, int First, int Count)> ByFile(int[] rows)
    {
        int first = 0;
        for (int file = 0; file < _files.Count; file++)
        {
            int end = file + 1 < _files.Count ? System.Array.BinarySearch(rows, _firsts[file + 1]) : rows.Length;
            end = end < 0 ? ~end : end;
            if (end > first)
            {
                yield return (_files[file], first, end - first);
                first = end;
            }
        }
    }

    private static bool Any(IReadOnlyList<bool[]> inScope, int row)
    {
        for (int scope = 0; scope < inScope.Count; scope++)
        {
            if (inScope[scope][row])
            {
                return true;
            }
        }

        return false;
    }
}
