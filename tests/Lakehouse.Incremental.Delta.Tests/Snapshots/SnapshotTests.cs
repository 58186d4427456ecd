using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Snapshots;

public sealed class SnapshotTests
{
    private static readonly Snapshot s_start = Of(TestLog.Protocol, TestLog.Metadata, TestLog.Add("b", 3), TestLog.Add("a", 4));

    [Fact]
    public void Files_are_in_order_of_their_paths()
    {
        s_start.Files.Select(file => file.Path).Should().Equal("a", "b");
        s_start.FileCount.Should().Be(2);
        s_start.RowCount.Should().Be(7);
        s_start.SizeInBytes.Should().Be(20);
        s_start.TableId.Should().Be("table");
        s_start.Schema.FieldsList.Should().ContainSingle().Which.Name.Should().Be("id");
    }

    [Fact]
    public void A_snapshot_does_not_change_when_the_next_is_made()
    {
        Snapshot next = s_start.Apply(1, [RemoveFile.Of(TestLog.Add("a"), 5, true), TestLog.Add("c")], 10);

        next.Files.Select(file => file.Path).Should().Equal("b", "c");
        next.Tombstones.Should().ContainSingle().Which.Path.Should().Be("a");
        s_start.Files.Select(file => file.Path).Should().Equal("a", "b");
        s_start.Tombstones.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_deletion_vector_replaces_the_file_in_either_order(bool removeFirst)
    {
        AddFile added = TestLog.Add("a", 4, TestLog.Vector("v1", 3));
        RemoveFile removed = RemoveFile.Of(TestLog.Add("a", 4), 5, true);

        Snapshot next = s_start.Apply(1, removeFirst ? [removed, added] : [added, removed], 10);

        next.TryGetFile("a", out AddFile? file).Should().BeTrue();
        file.Should().Be(added);
        next.RowCount.Should().Be(4);
        next.Tombstones.Should().ContainSingle().Which.DeletionVector.Should().BeNull();
    }

    [Fact]
    public void Removing_a_former_deletion_vector_leaves_the_file()
    {
        Snapshot with = s_start.Apply(1, [RemoveFile.Of(TestLog.Add("a", 4), 5, true), TestLog.Add("a", 4, TestLog.Vector("v2", 1))], 10);
        Snapshot next = with.Apply(2, [RemoveFile.Of(TestLog.Add("a", 4, TestLog.Vector("v1", 1)), 6, true)], 20);

        next.TryGetFile("a", out _).Should().BeTrue();
        next.Tombstones.Should().HaveCount(2);
    }

    [Fact]
    public void A_file_may_be_added_again()
    {
        Snapshot again = s_start.Apply(1, [TestLog.Add("a", 9)], 10);
        Snapshot back = again.Apply(2, [RemoveFile.Of(TestLog.Add("a"), 5, true)], 20).Apply(3, [TestLog.Add("a", 1)], 30);

        again.RowCount.Should().Be(12);
        back.RowCount.Should().Be(4);
        back.Tombstones.Should().BeEmpty();
    }

    [Theory]
    [InlineData("file:/t/a b", "/t/a%20b")]
    [InlineData("file:///t/a", "/t/a")]
    [InlineData("/t/a", "file:/t/a")]
    [InlineData("p=a%253Ab/x", "p=a%253Ab/x")]
    [InlineData("./x", "x")]
    public void Spellings_of_one_path_are_one_file(string added, string removed)
    {
        Snapshot with = s_start.Apply(1, [TestLog.Add(added)], 10);
        Snapshot next = with.Apply(2, [new RemoveFile { Path = removed, DataChange = true }], 20);

        with.FileCount.Should().Be(3);
        next.FileCount.Should().Be(2);
    }

    [Fact]
    public void Paths_are_decoded_once()
    {
        Snapshot with = s_start.Apply(1, [TestLog.Add("p=a%253Ab/x%20y")], 10);

        with.TryGetFile("p=a%3Ab/x y", out AddFile? file).Should().BeTrue();
        file!.Path.Should().Be("p=a%253Ab/x%20y");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("{\"numRecords\":5}", 5L)]
    [InlineData("{\"numRecords\":5,\"minValues\":{}}", 5L)]
    [InlineData("{ \"minValues\":{\"numRecords\":9}, \"numRecords\" : 5 }", 5L)]
    [InlineData("{\"minValues\":{\"numRecords\":9}}", null)]
    [InlineData("{\"numRecords\":5.5}", null)]
    [InlineData("{\"numRecords\":", null)]
    [InlineData("{\"numRecords\":5", null)]
    [InlineData("nonsense", null)]
    public void Rows_are_counted_by_the_statistics(string? stats, long? rows)
    {
        Snapshot snapshot = Of(TestLog.Protocol, TestLog.Metadata, TestLog.Add("a", 2), TestLog.Add("b") with { Stats = stats });

        snapshot.RowCount.Should().Be(rows + 2);
        snapshot.Apply(1, [RemoveFile.Of(TestLog.Add("b"), 1, true)], 1).RowCount.Should().Be(2);
    }

    [Fact]
    public void Domains_and_transactions_show_their_last_state()
    {
        Snapshot first = s_start.Apply(1, [new DomainMetadata("d", "1"), new DomainMetadata("e", "2"), new SetTransaction("app", 7)], 10);
        Snapshot second = first.Apply(2, [new DomainMetadata("d", "", Removed: true), new SetTransaction("app", 8)], 20);

        first.Domain("d").Should().Be("1");
        first.TransactionVersion("app").Should().Be(7);
        second.Domain("d").Should().BeNull();
        second.Domain("e").Should().Be("2");
        second.Domains.Should().ContainSingle();
        second.TransactionVersion("app").Should().Be(8);
        second.TransactionVersion("other").Should().BeNull();
    }

    [Fact]
    public void Commit_info_is_that_of_the_version_itself()
    {
        Snapshot first = s_start.Apply(1, [new CommitInfo { Operation = "WRITE" }], 10);

        first.CommitInfo!.Operation.Should().Be("WRITE");
        first.Apply(2, [TestLog.Add("x")], 20).CommitInfo.Should().BeNull();
    }

    [Fact]
    public void Metadata_is_replaced_as_a_whole()
    {
        MetadataAction renamed = TestLog.Metadata with
        {
            Configuration = new Dictionary<string, string> { ["x.y"] = "z" },
            PartitionColumns = ["id"],
        };
        Snapshot next = s_start.Apply(1, [renamed], 10);

        next.Properties.Should().Equal(renamed.Configuration);
        next.PartitionColumns.Should().Equal("id");
        s_start.Properties.Should().BeEmpty();
    }

    [Fact]
    public void Times_ascend_even_if_the_clock_does_not()
    {
        Snapshot same = s_start.Apply(1, [], s_start.Timestamp);
        Snapshot back = same.Apply(2, [], 0);

        same.Timestamp.Should().Be(s_start.Timestamp + 1);
        back.Timestamp.Should().Be(s_start.Timestamp + 2);
    }

    [Fact]
    public void In_commit_timestamps_go_before_file_times()
    {
        Snapshot start = Of(
            TestLog.Protocol,
            TestLog.Metadata with { Configuration = new Dictionary<string, string> { ["delta.enableInCommitTimestamps"] = "true" } },
            new CommitInfo { InCommitTimestamp = 500 });

        start.Timestamp.Should().Be(500);
        start.Apply(1, [new CommitInfo { InCommitTimestamp = 900 }], 700).Timestamp.Should().Be(900);
        s_start.Apply(1, [new CommitInfo { InCommitTimestamp = 900 }], 700).Timestamp.Should().Be(700);
    }

    [Fact]
    public void Versions_follow_one_another()
    {
        FluentActions.Invoking(() => s_start.Apply(2, [], 1)).Should().Throw<ArgumentException>();
    }

    private static Snapshot Of(params DeltaAction[] actions)
    {
        SnapshotBuilder builder = new(SnapshotState.Empty, null, null);
        builder.Apply(0, actions, 100);
        return builder.Build();
    }
}
