using GitHistory.Proof;

namespace GitHistory.Tests.Proof;

public sealed class ProofsTests
{
    private static readonly FileRow A = new("a", "100644", "1", 10);
    private static readonly FileRow B = new("d/b", "100644", "2", 20);
    private static readonly FileRow C = new("d/c", "160000", "3", null);

    private static readonly Dictionary<string, FileRow> Truth = new[] { A, B, C }.ToDictionary(f => f.Path);

    [Fact]
    public void Silver_must_hold_the_files_of_the_tree_and_nothing_else()
    {
        Proofs.Silver([C, A, B], Truth).IsOk.Should().BeTrue();
        Fails([A, B], "d/c is missing");
        Fails([A, B, C, A], "a is there twice");
        Fails([A, B, C, A with { Path = "x" }], "x is not in the tree");
        Fails([A, B with { BlobId = "9" }, C], "d/b is 100644 9 20, not 100644 2 20");
        Fails([A, B with { Mode = "100755" }, C], "d/b is 100755 2 20, not 100644 2 20");
        Fails([A, B, C with { Size = 0 }], "d/c is 160000 3 0, not 160000 3 null");

        static void Fails(FileRow[] rows, string detail) =>
            Proofs.Silver(rows, Truth).Should().Be(new ProofResult("silver/files = ls-tree", false, detail));
    }

    [Fact]
    public void History_is_valid_from_its_start_to_before_its_end()
    {
        HistoryRow[] rows = [new(A, 1, null, true), new(B with { Size = 1 }, 1, 4, false), new(B, 4, 6, false), new(C, 5, null, true)];
        Proofs.HistoryAt(rows, 5, Truth).Should().BeNull();
        Proofs.HistoryAt(rows, 4, Truth).Should().Be("commit 4: d/c is missing");
        Proofs.HistoryAt(rows, 6, Truth).Should().Be("commit 6: d/b is missing");
        Proofs.HistoryAt(rows, 3, Truth).Should().Be("commit 3: d/b is 100644 2 1, not 100644 2 20");
        Proofs.HistoryShape(rows).Should().BeNull();
        Proofs.HistoryShape([new(A, 3, 3, false)]).Should().Contain("a has a span from 3 to 3");
        Proofs.HistoryShape([new(A, 3, 5, true)]).Should().Contain("current: True");
        Proofs.HistoryShape([new(A, 3, null, false)]).Should().Contain("current: False");
    }

    [Fact]
    public void Gold_must_equal_the_recount()
    {
        IReadOnlyCollection<DirectoryRow> recount = Proofs.Recount([(".", A), ("d", B), ("d", C), ("sub", C)]);
        recount.Should().BeEquivalentTo([new DirectoryRow(".", 1, 10, 10), new DirectoryRow("d", 2, 20, 20), new DirectoryRow("sub", 1, null, null)]);
        Proofs.Gold(recount, recount).IsOk.Should().BeTrue();
        Proofs.Gold(recount.Skip(1), recount).Detail.Should().Be(". is missing");
        Proofs.Gold([.. recount, new DirectoryRow("x", 1, 1, 1)], recount).Detail.Should().Be("x is not in the tree");
        Proofs.Gold([.. recount, recount.First()], recount).Detail.Should().Be(". is there twice");
        Proofs.Gold(recount.Select(r => r with { Files = r.Files + 1 }), recount).Detail.Should().Be(
            ". is 2 files, 10 bytes, largest 10, not 1 files, 10 bytes, largest 10");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(45_000)]
    public void Checkpoints_are_spread_from_the_first_to_the_last(int count)
    {
        IReadOnlyList<long> points = Proofs.Checkpoints(count, 25);
        points.Should().HaveCount(Math.Min(count, 25)).And.OnlyHaveUniqueItems().And.BeInAscendingOrder();
        points[0].Should().Be(1);
        points[^1].Should().Be(count);
        long[] gaps = [.. points.Zip(points.Skip(1), (a, b) => b - a), .. points.Count == 1 ? [0L] : Array.Empty<long>()];
        (gaps.Max() - gaps.Min()).Should().BeLessThanOrEqualTo(1);
    }
}
