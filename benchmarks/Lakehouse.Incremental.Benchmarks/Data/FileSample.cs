namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>A source drawn from some of a table's files, as Delta's own MERGE benchmark draws it.</summary>
/// <param name="Files">The share of files that rows are drawn from.</param>
/// <param name="Matched">The share of their rows that the source has.</param>
/// <param name="NotMatched">New rows, as a share of the rows of those files.</param>
/// <param name="Operation">What is done with rows that match: <c>u</c>pdate, <c>d</c>elete, or nothing, as they come <c>b</c>ack unchanged.</param>
internal sealed record FileSample(double Files, double Matched, double NotMatched, char Operation = 'u')
{
    public const int FilesOfATable = 100;

    public int RowsIn(long tableRows) => FilesIn() * (Of(tableRows, Matched) + Of(tableRows, NotMatched));

    public RowId[] Draw(long tableRows, long seed)
    {
        long rowsOfAFile = tableRows / FilesOfATable;
        Permutation files = new(FilesOfATable, seed);
        List<RowId> rows = [];
        for (int file = 0; file < FilesIn(); file++)
        {
            long first = files[file] * rowsOfAFile;
            Permutation places = new(rowsOfAFile, seed + file);
            for (int i = 0; i < Of(tableRows, Matched); i++)
            {
                RowId row = Places.Base(first + places[i]);
                rows.Add(Operation == 'b' ? row : row with { Version = 1, Operation = Operation });
            }
        }

        for (int i = 0; i < FilesIn() * Of(tableRows, NotMatched); i++)
        {
            rows.Add(Places.After(tableRows, i, 1));
        }

        return [.. rows];
    }

    /// <summary>A share of a file's rows, at least one unless the share is nothing.</summary>
    private static int Of(long tableRows, double share) => (int)Math.Ceiling(tableRows / FilesOfATable * share);

    private int FilesIn() => (int)(FilesOfATable * Files);
}
