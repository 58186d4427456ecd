using System.Reflection;
using System.Text.RegularExpressions;
using Apache.Arrow;
using Apache.Arrow.Types;
using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental.Tests.Readme;

public sealed class ReadmeTests
{
    [Theory]
    [InlineData("ReadmeExample.cs")]
    [InlineData("ReadmeTableExample.cs")]
    [InlineData("ReadmeFlowExample.cs")]
    [InlineData("ReadmeMergeExample.cs")]
    public void The_README_shows_the_examples_that_compile_here(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository(), "tests", "Lakehouse.Incremental.Tests", "Readme", file));
        int start = System.Array.FindIndex(lines, l => l.Trim() == "// <readme>");
        int end = System.Array.FindIndex(lines, l => l.Trim() == "// </readme>");
        string example = string.Join('\n', lines[(start + 1)..end].Select(l => l.Length >= 8 ? l[8..] : l)).Trim();

        string readme = File.ReadAllText(Path.Combine(Repository(), "README.md")).ReplaceLineEndings("\n");

        example.Should().NotBeEmpty();
        readme.Should().Contain("```csharp\n" + example + "\n```");
    }

    [Fact]
    public void Each_test_the_README_points_to_is_there()
    {
        string readme = File.ReadAllText(Path.Combine(Repository(), "README.md"));
        Match[] links = [.. Regex.Matches(readme, @"\[(\w+)\]\((tests/[^)]+\.cs)\)").Cast<Match>()];
        links.Should().HaveCountGreaterThan(8);
        foreach (Match link in links)
        {
            File.ReadAllText(Path.Combine(Repository(), link.Groups[2].Value)).Should().Contain(link.Groups[1].Value + "(");
        }
    }

    [Fact]
    public void Each_event_of_the_log_is_listed_with_its_level()
    {
        string readme = File.ReadAllText(Path.Combine(Repository(), "src", "README.md"));
        IEnumerable<string> listed = Regex.Matches(readme, @"^\| (\d+) \| (\w+) \|", RegexOptions.Multiline).Select(static m => $"{m.Groups[1]} {m.Groups[2]}");

        IEnumerable<string> logged = new[] { typeof(Delta.LogMessages), typeof(FlowLogMessages) }
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
            .SelectMany(static method => method.GetCustomAttributes<LoggerMessageAttribute>()).Select(static m => $"{m.EventId} {m.Level}");

        listed.Should().BeEquivalentTo(logged);
    }

    [Fact]
    public async Task The_example_does_what_its_comments_say()
    {
        string lake = Directory.CreateTempSubdirectory("readme-").FullName;
        try
        {
            string printed = await ReadmeExample.RunAsync(lake, Orders(), CancellationToken.None);

            printed.Split('\n')[0].Should().StartWith("3 in: 0 updated, 2 inserted, 0 deleted");
            printed.Split('\n')[1].Should().StartWith("2 changes in: 0 groups updated, 2 inserted");
            printed.Split('\n')[2].Should().Be("2 rows equal the full recompute");
            printed.Split('\n')[3].Should().Be("2");
        }
        finally
        {
            Directory.Delete(lake, recursive: true);
        }
    }

    [Fact]
    public async Task The_example_of_a_table_does_what_its_comments_say()
    {
        string lake = Directory.CreateTempSubdirectory("readme-").FullName;
        try
        {
            RecordBatch orders = Orders();
            StringArray countries = new StringArray.Builder().AppendRange(["AT", "AT", "NO"]).Build();
            Schema schema = new([.. orders.Schema.FieldsList, new Field("country", StringType.Default, true)], null);
            RecordBatch rows = new(schema, [.. orders.Arrays, countries], orders.Length);

            (await ReadmeTableExample.RunAsync(lake, schema, rows, CancellationToken.None)).Should().Be("2\n3\n0");
        }
        finally
        {
            Directory.Delete(lake, recursive: true);
        }
    }

    private static RecordBatch Orders()
    {
        Decimal128Array.Builder totals = new(new Decimal128Type(12, 2));
        totals.Append(10.50m).Append(20m).Append(7.25m);
        return new RecordBatch.Builder()
            .Append("order_id", false, c => c.Int64(a => a.AppendRange([1, 2, 1])))
            .Append("lsn", false, c => c.Int64(a => a.AppendRange([10, 11, 12])))
            .Append("customer", true, c => c.String(a => a.AppendRange(["ann", "bob", "ann"])))
            .Append("total", true, totals.Build())
            .Append("op", true, c => c.String(a => a.AppendRange(["c", "c", "u"])))
            .Build();
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lakehouse.Incremental.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
