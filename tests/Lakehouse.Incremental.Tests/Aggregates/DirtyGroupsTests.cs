using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Tests.Aggregates;

public sealed class DirtyGroupsTests
{
    [Fact]
    public void The_condition_holds_for_the_groups_and_for_null_only_when_asked()
    {
        RecordBatch rows = Strings("a", "b", null, "c");
        Kept(DirtyGroups.FilterFor(Strings("a", "c"))!, rows).Should().Equal(true, false, false, true);
        Kept(DirtyGroups.FilterFor(Strings("a", null))!, rows).Should().Equal(true, false, true, false);
        Kept(DirtyGroups.FilterFor(Strings((string?)null))!, rows).Should().Equal(false, false, true, false);
    }

    [Fact]
    public void Each_type_with_plain_literals_has_a_condition()
    {
        foreach ((IArrowType type, object value) in ((IArrowType, object)[])
            [(Int8Type.Default, (sbyte)3), (Int16Type.Default, (short)3), (Int32Type.Default, 3), (Int64Type.Default, 3L), (BooleanType.Default, true)])
        {
            RecordBatch keys = Batch(ConstantArray.Create(type, value, 1));
            Kept(DirtyGroups.FilterFor(keys)!, keys).Should().Equal([true], type.Name);
        }
    }

    [Fact]
    public void Where_equality_is_not_plain_or_groups_are_many_everything_is_read()
    {
        DirtyGroups.FilterFor(Batch(ConstantArray.Create(DoubleType.Default, double.NaN, 1))).Should().BeNull();
        DirtyGroups.FilterFor(Strings([.. Enumerable.Range(0, 33).Select(i => "g" + i)])).Should().BeNull();
        DirtyGroups.FilterFor(new RecordBatch(new Schema([], null), [], 1)).Should().BeNull();
    }

    private static bool[] Kept(Filter filter, RecordBatch rows)
    {
        bool[] keep = new bool[rows.Length];
        FilterEvaluator.Evaluate(filter, rows, keep);
        return keep;
    }

    private static RecordBatch Strings(params string?[] values)
    {
        StringArray.Builder builder = new();
        foreach (string? value in values)
        {
            builder.Append(value!);
        }

        return Batch(ManagedCopy.Copy(builder.Build()));
    }

    private static RecordBatch Batch(IArrowArray array) =>
        new(new Schema([new Field("g", array.Data.DataType, true)], null), [array], array.Length);
}
