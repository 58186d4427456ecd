using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Maintenance;

public sealed class DescribeTests
{
    [Fact]
    public async Task A_description_says_what_the_table_is_like()
    {
        TimedTable timed = new();
        DeltaTable table = await timed.CreateAsync(new() { Name = "n", Description = "d", PartitionColumns = ["name"], ChangeDataFeed = true });
        DateTimeOffset created = timed.Time.GetUtcNow();
        timed.Pass(1);
        await table.AppendAsync(Kit.Rows([(1, "a"), (2, "a"), (3, "b")]));
        await table.DeleteAsync(static id => id == 1);
        await table.CommitAsync(
            static (_, _) => Task.FromResult<CommitPlan?>(new CommitPlan
            {
                Actions = [new DomainMetadata("delta.clustering", """{"clusteringColumns":[["id"],"name"],"domainName":"delta.clustering"}""", false)],
                Info = new CommitInfo(),
            }),
            CancellationToken.None);

        TableDescription description = await table.DescribeAsync();

        description.Should().BeEquivalentTo(new TableDescription
        {
            Id = table.CurrentSnapshot.TableId,
            Name = "n",
            Description = "d",
            Location = "memory",
            CreatedAt = created,
            LastModified = timed.Time.GetUtcNow().AddMilliseconds(2),
            Version = 3,
            PartitionColumns = ["name"],
            ClusteringColumns = ["id", "name"],
            FileCount = 2,
            SizeInBytes = table.CurrentSnapshot.SizeInBytes,
            RowCount = 2,
            DeletionVectorCount = 1,
            DeletedRowCount = 1,
            Properties = table.CurrentSnapshot.Properties,
            MinReaderVersion = 3,
            MinWriterVersion = 7,
            Features = ["changeDataFeed", "deletionVectors", "domainMetadata"],
        });
    }
}
