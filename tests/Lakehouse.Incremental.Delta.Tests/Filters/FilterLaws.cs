using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Delta.Tests.Statistics;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Tests.Filters;

public sealed class FilterLaws
{
    private static readonly Snapshot s_table = PrunerKit.Table(RowsGen.Schema);

    [Fact]
    public void A_row_is_kept_exactly_when_the_condition_is_true() => Gen.Select(RowsGen.Rows, RowsGen.Conditions).Sample(
        static (rows, condition) =>
        {
            bool[] expected = [.. rows.Select(row => condition.Meaning(row) == true)];
            FilterEvaluator.Evaluate(condition.Filter, RowsGen.Batch(rows)).Should().Equal(expected, condition.Text);
        },
        iter: 1500, print: Print);

    [Fact]
    public void A_slice_is_filtered_as_its_rows_are() => Gen.Select(RowsGen.Rows, RowsGen.Conditions, Gen.Int[0, 6]).Sample(
        static (rows, condition, start) =>
        {
            start = Math.Min(start, rows.Length);
            RecordBatch slice = RowsGen.Batch(rows).Slice(start, rows.Length - start);
            FilterEvaluator.Evaluate(condition.Filter, slice).Should().Equal(rows[start..].Select(row => condition.Meaning(row) == true), condition.Text);
        },
        iter: 500, print: t => Print((t.Item1, t.Item2)));

    [Fact]
    public void A_skipped_file_holds_no_matching_row() => Gen.Select(RowsGen.Rows, RowsGen.Conditions).Sample(
        static (rows, condition) =>
        {
            string stats = Collected.Stats([RowsGen.Batch(rows)], RowsGen.Schema, s_table.TableProperties);
            if (new FilterPruner(condition.Filter, s_table).CanSkip(PrunerKit.File(stats)))
            {
                rows.Should().NotContain(row => condition.Meaning(row) == true, "of {0} with {1}", condition.Text, stats);
            }
        },
        iter: 5000, print: Print);

    [Fact]
    public void Deleted_rows_leave_the_bounds_wide_but_right() => Gen.Select(RowsGen.Rows, RowsGen.Conditions, Gen.Int[0, 63]).Sample(
        static (rows, condition, deleted) =>
        {
            string? stats = StatisticsJson.WithWideBounds(Collected.Stats([RowsGen.Batch(rows)], RowsGen.Schema, s_table.TableProperties), rows.Length);
            int?[][] live = [.. rows.Where((_, row) => (deleted >> row & 1) == 0)];
            if (new FilterPruner(condition.Filter, s_table).CanSkip(PrunerKit.File(stats)))
            {
                live.Should().NotContain(row => condition.Meaning(row) == true, "of {0} with {1}", condition.Text, stats);
            }
        },
        iter: 2000, print: t => Print((t.Item1, t.Item2)));

    [Fact]
    public void A_skipped_partition_holds_no_matching_row() => Gen.Select(RowsGen.Rows.Where(static rows => rows.Length > 0), RowsGen.Conditions).Sample(
        static (rows, condition) =>
        {
            RecordBatch batch = RowsGen.Batch(rows[..1]);
            Snapshot table = PrunerKit.Table(RowsGen.Schema, [.. RowsGen.Schema.FieldsList.Select(static field => field.Name)]);
            Dictionary<string, string?> values = batch.Schema.FieldsList
                .ToDictionary(static field => field.Name, field => Lakehouse.Incremental.Delta.DataFiles.PartitionValues.Serialize(batch.Column(field.Name), 0));

            // The format has no empty partition values: they are nulls.
            int?[] row = [.. rows[0].Select((index, kind) => values[ColumnKind.All[kind].Name] is null ? null : index)];
            bool skipped = new FilterPruner(condition.Filter, table).CanSkip(PrunerKit.File(null) with { PartitionValues = values });
            if (skipped)
            {
                condition.Meaning(row).Should().NotBe(true, condition.Text);
            }
        },
        iter: 2000, print: Print);

    private static string Print((int?[][] Rows, RowsGen.Condition Condition) sample) =>
        sample.Condition.Text + " over " + string.Join(" / ", sample.Rows.Select(static row => string.Join(',', row.Select(static i => i?.ToString() ?? "-"))));
}
