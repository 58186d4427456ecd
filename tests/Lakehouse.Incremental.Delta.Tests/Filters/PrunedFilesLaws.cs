using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Delta.Tests.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.Filters;

/// <summary>Pruning of the files the writer makes, statistics and partition values included, whatever the rows are.</summary>
public class PrunedFilesLaws
{
    private static readonly StructType Schema = new(
    [
        new StructField("l", PrimitiveType.Long), new StructField("b", PrimitiveType.Byte), new StructField("d", PrimitiveType.Double),
        new StructField("f", PrimitiveType.Float),
        new StructField("s", PrimitiveType.String), new StructField("day", PrimitiveType.Date), new StructField("t", PrimitiveType.Timestamp),
        new StructField("w", PrimitiveType.TimestampNtz),
        new StructField("n", new DecimalType(38, 2)), new StructField("flag", PrimitiveType.Boolean), new StructField("bin", PrimitiveType.Binary),
        new StructField("p", PrimitiveType.Integer),
    ]);

    private static readonly Gen<Filter> Leaves = Gen.Select(Gen.Int[0, Schema.Fields.Count - 1], Gen.Int[0, 8], Gen.Int[0, 7], Gen.Int[0, 7])
        .Select(static pick =>
    {
        FilterColumn column = Filter.Column(Schema.Fields[pick.Item1].Name);
        object literal = Literal(pick.Item1, pick.Item3);
        return pick.Item2 switch
        {
            0 => column.EqualTo(literal),
            1 => column.NotEqualTo(literal),
            2 => column.LessThan(literal),
            3 => column.LessThanOrEqualTo(literal),
            4 => column.GreaterThan(literal),
            5 => column.GreaterThanOrEqualTo(literal),
            6 => column.In(literal, Literal(pick.Item1, pick.Item4), pick.Item3 == 0 ? null : literal),
            7 => column.IsNull(),
            _ => column.IsNotNull(),
        };
    });

    private static readonly Gen<Filter> Filters = Gen.Select(Leaves, Leaves, Leaves, Gen.Int[0, 7]).Select(static pick => pick.Item4 switch
    {
        0 or 1 => pick.Item1,
        2 => !pick.Item1,
        3 => pick.Item1 & pick.Item2,
        4 => pick.Item1 | pick.Item2,
        5 => !(pick.Item1 & !pick.Item2) | pick.Item3,
        6 => !(pick.Item1 | pick.Item2) & pick.Item3,
        _ => !!pick.Item1 & !pick.Item2,
    });

    [Fact]
    public async Task A_pruned_file_never_holds_a_matching_row()
    {
        int pruned = 0;
        await Gen.Select(Filters, Gen.Int[0, 20], Gen.Int[0, 1_000_000], Gen.Int[0, 3]).SampleAsync(
            async (filter, rows, seed, form) =>
            {
                TestTable table = new(Schema, form == 1 ? ["p"] : form == 2 ? ["t", "d"] : [], maxRowsPerFile: 2);
                foreach (AddFile file in await table.WriteAsync(RandomRows.Batch(table.Snapshot.Schema, rows, seed, 0.3)))
                {
                    AddFile seen = form == 3
                        ? file with { Stats = StatisticsJson.WithWideBounds(file.Stats, StatisticsJson.NumRecords(file.Stats)!.Value) } : file;
                    if (new FilterPruner(filter, table.Snapshot).CanSkip(seen))
                    {
                        pruned++;
                        RecordBatch read = (await table.ReadAsync(file)).Single().Batch;
                        FilterEvaluator.Evaluate(filter, read).Should().NotContain(true, $"{file.Stats} {string.Join('\n', Cells.Rows(read))}");
                    }
                }
            },
            iter: 300,
            threads: 1);
        pruned.Should().BeGreaterThan(100, "a pruner that keeps all is right but useless");
    }

    /// <summary>Literals near the values that random rows have.</summary>
    private static object Literal(int column, int pick) => Schema.Fields[column].Name switch
    {
        "l" => new long[] { long.MinValue, -1, 0, 1, 50, -50, 99, long.MaxValue }[pick],
        "b" => new[] { -128, -1, 0, 1, 50, -50, 99, 127 }[pick],
        "p" => new[] { int.MinValue, -1, 0, 1, 50, -50, 99, int.MaxValue }[pick],
        "d" => new[] { 0.0, -0.0, 1.5, -1.5, 1e300, double.NaN, double.PositiveInfinity, 0.1 }[pick],
        "f" => new[] { 0f, -0f, 1.5f, -1.5f, float.Epsilon, float.NaN, float.PositiveInfinity, 0.1f }[pick],
        "s" => new[] { "", "a", "z", "€", new('x', 32), new('x', 33), new string('y', 31) + "\U0001F600", "\U0010FFFF" }[pick],
        "day" => new[] { new DateOnly(1970, 1, 1), new(1969, 12, 31), new(1970, 3, 1), new(1969, 11, 1), DateOnly.MinValue, DateOnly.MaxValue,
            new(1970, 1, 2), new(2000, 1, 1) }[pick],
        "t" => DateTimeOffset.UnixEpoch.AddMicroseconds(new[] { -1, 0, 1, 50, -50, 99, 999, -1000 }[pick]),
        "w" => new DateTime(1970, 1, 1).AddMicroseconds(new[] { -1, 0, 1, 50, -50, 99, 999, -1000 }[pick]),
        "n" => new[] { 0m, -0.01m, 1m, -1m, 1e20m, 0.01m, 1e16m, -1e20m }[pick],
        "flag" => pick % 2 == 0,
        _ => new byte[][] { [], [0], [255], [1, 2], [128], [7], [200, 1], [255, 255] }[pick],
    };
}
