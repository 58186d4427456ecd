using CsCheck;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

public class RowMoveTests
{
    // Rows of each source with who is deleted before and after, and the number of rows a target takes.
    private static readonly Gen<(bool[] Before, bool[] After)[]> Sources = Gen.Select(Gen.Bool.Array[0, 12], Gen.Bool.Array[12]).Array[1, 4];

    [Fact]
    public void A_row_is_found_where_copying_put_it() => Gen.Select(Sources, Gen.Int[1, 7]).Sample(static (sources, rowsPerTarget) =>
    {
        // The model: copy the live rows one by one, and remember where each came from.
        List<(int Source, int Row)> copied = [];
        List<MovedFile> moved = [];
        Dictionary<string, DeletionVector> gone = [];
        for (int s = 0; s < sources.Length; s++)
        {
            (bool[] before, bool[] after) = sources[s];
            copied.AddRange(Enumerable.Range(0, before.Length).Where(row => !before[row]).Select(row => (s, row)));
            moved.Add(new MovedFile(File($"s{s}", before.Length), Vector(before.Length, row => before[row])));
            gone[$"s{s}"] = Vector(before.Length, row => !before[row] && after[row]);
        }

        (int Source, int Row)[][] chunks = [.. copied.Chunk(rowsPerTarget)];
        RowMove move = RowMove.Pair(moved, [.. chunks.Select(static (chunk, i) => File($"t{i}", chunk.Length))]).Single();
        IReadOnlyList<DeletionVector> places = move.Locate(gone);

        places.Should().HaveCount(chunks.Length);
        for (int t = 0; t < chunks.Length; t++)
        {
            places[t].Rows.Should().Equal(
                Enumerable.Range(0, chunks[t].Length).Where(i => sources[chunks[t][i].Source].After[chunks[t][i].Row]).Select(static i => (long)i));
        }
    });

    [Fact]
    public void Partitions_are_told_apart_and_those_that_do_not_add_up_left_out()
    {
        MovedFile[] sources =
        [
            new(File("a", 3, "1"), DeletionVector.Of([1L])), new(File("b", 4, null), DeletionVector.Empty),
            new(File("c", 5, "1"), DeletionVector.Empty),
            new(File("d", 2, ""), DeletionVector.Empty), new(File("e", null, "5"), DeletionVector.Empty),
        ];
        IReadOnlyList<RowMove> moves = RowMove.Pair(sources, [File("x", 4, null), File("y", 7, "1"), File("z", 1, ""), File("u", 9, "5")]);
        moves.Select(static move =>
                string.Join("+", move.Sources.Select(static s => s.File.Path)) + ">" + string.Join("+", move.Targets.Select(static t => t.Path)))
            .Should().BeEquivalentTo("a+c>y", "b>x");
    }

    private static DeletionVector Vector(int rows, Func<int, bool> condition) =>
        DeletionVector.Of(Enumerable.Range(0, rows).Where(condition).Select(static row => (long)row));

    private static AddFile File(string path, int? rows, string? partition = "0") => new()
    {
        Path = path,
        Size = 1,
        ModificationTime = 1,
        DataChange = false,
        PartitionValues = new Dictionary<string, string?> { ["p"] = partition },
        Stats = rows is null ? null : $"{{\"numRecords\":{rows}}}",
    };
}
