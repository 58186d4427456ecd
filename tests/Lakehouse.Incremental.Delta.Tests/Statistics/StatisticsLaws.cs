using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Generators;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Tests.Statistics;

/// <summary>Whatever the statistics say of a file holds for each of its rows.</summary>
public sealed class StatisticsLaws
{
    private static readonly TableProperties s_properties = new(new Dictionary<string, string> { ["delta.dataSkippingStringPrefixLength"] = "1" });

    [Fact]
    public void Bounds_hold_and_nulls_are_counted_over_all_batches() =>
        (from type in Gen.Frequency((2, ArrowGen.Scalar), (1, ArrowGen.Type(2)))
         from first in ArrowGen.Array(type, 5)
         from second in Gen.Int[0, 4].SelectMany(n => ArrowGen.Array(type, n))
         select (type, first, second)).Sample(
            c =>
            {
                RecordBatch[] batches = [Cells.Batch(("c", c.first.Array)), Cells.Batch(("c", c.second.Array))];
                JsonObject stats = Collect(batches);
                object?[] values = [.. c.first.Values, .. c.second.Values];
                stats["numRecords"]!.GetValue<long>().Should().Be(values.Length);
                Check(c.type, values, stats["minValues"]?["c"], stats["maxValues"]?["c"], stats["nullCount"]?["c"]);
            },
            iter: 1_500,
            print: c => $"{c.first}\n{c.second}");

    private static JsonObject Collect(RecordBatch[] batches) =>
        (JsonObject)JsonNode.Parse(Collected.Stats(batches, batches[0].Schema, s_properties))!;

    private static void Check(IArrowType type, IReadOnlyList<object?> values, JsonNode? min, JsonNode? max, JsonNode? nulls)
    {
        if (type is StructType structure)
        {
            for (int i = 0; i < structure.Fields.Count; i++)
            {
                string name = structure.Fields[i].Name;
                object?[] inner = [.. values.Select(v => (v as object?[])?[i])];
                Check(structure.Fields[i].DataType, inner, min?[name], max?[name], nulls?[name]);
            }

            return;
        }

        if (type is NullType)
        {
            nulls.Should().BeNull();
            return;
        }

        nulls!.GetValue<long>().Should().Be(values.Count(v => v is null));
        object?[] present = [.. values.Where(v => v is not null)];
        bool bounded = type is not (BinaryType or BooleanType or ListType or MapType) && present.Length > 0;
        bool finite = present.All(v => v is not (double or float) || double.IsFinite(Convert.ToDouble(v)));
        if (type is StringType)
        {
            // An upper bound may not exist, a lower one always does.
            (min is not null).Should().Be(bounded);
        }
        else
        {
            (min is not null, max is not null).Should().Be((bounded && finite, bounded && finite));
        }

        foreach (object? value in present)
        {
            (min is null || ModelOrder.Compare(type, Parse(type, min), value) <= 0).Should().BeTrue("{0} bounds {1} below", min, value);
            object? upper = max is null ? null : Parse(type, max);
            upper = type is TimestampType && upper is long millis ? millis + 999 : upper;
            (upper is null || ModelOrder.Compare(type, upper, value) >= 0).Should().BeTrue("{0} bounds {1} above", max, value);
        }
    }

    private static object Parse(IArrowType type, JsonNode bound) =>
        PartitionValues.Parse(bound.GetValueKind() == JsonValueKind.String ? bound.GetValue<string>() : bound.ToJsonString(), type);
}
