using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class DataFileCacheTests
{
    [Fact]
    public void The_least_recently_used_goes_first()
    {
        DataFileCache cache = new(4 * 800);
        foreach (string path in new[] { "a", "b", "c", "d" })
        {
            cache.Add(path, "s", Rows(100));
        }

        cache.Find("a", "s").Should().NotBeNull();
        cache.Add("e", "s", Rows(100));
        new[] { "a", "b", "c", "d", "e" }.Where(path => cache.Find(path, "s") is not null).Should().Equal("a", "c", "d", "e");
    }

    [Fact]
    public void What_is_too_large_or_of_another_schema_is_not_there()
    {
        DataFileCache cache = new(2 * 800);
        cache.Add("large", "s", Rows(101));
        cache.Add("a", "s", Rows(10));
        cache.Find("large", "s").Should().BeNull();
        cache.Find("a", "t").Should().BeNull();
        cache.Admits("b", 100).Should().BeTrue();
        cache.Admits("b", 101).Should().BeFalse();
        cache.Admits("large", 1).Should().BeFalse("it was decoded for nothing once");
        new DataFileCache(0).Admits("file", 1).Should().BeFalse();
    }

    [Fact]
    public void Many_threads_keep_within_the_budget()
    {
        DataFileCache cache = new(40 * 800);
        Parallel.For(0, 4000, i =>
        {
            string path = $"{i % 97}";
            if (cache.Find(path, "s") is { } found)
            {
                found.Length.Should().Be((i % 97) + 1);
            }
            else
            {
                cache.Add(path, "s", Rows((i % 97) + 1));
            }
        });
        Enumerable.Range(0, 97).Sum(i => cache.Find($"{i}", "s")?.Length * 8 ?? 0).Should().BeInRange(800, 40 * 800);
    }

    private static RecordBatch Rows(int rows)
    {
        Int64Array array = new(new ArrayData(Int64Type.Default, rows, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(new byte[rows * 8])], []));
        return new RecordBatch(new Schema([new Field("n", Int64Type.Default, true)], null), [array], rows);
    }
}
