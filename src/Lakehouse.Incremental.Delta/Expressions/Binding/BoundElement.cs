using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>An element of a list by its place from 0, or the value of a key of a map; null when there is none.</summary>
internal sealed class BoundElement(BoundNode operand, BoundNode key, DataType type) : BoundNode(type)
{
    public override SqlVector Evaluate(EvaluationScope scope)
    {
        SqlVector container = operand.Evaluate(scope);
        SqlVector keys = key.Evaluate(scope);
        if (container.Array.Length == 0)
        {
            return new SqlVector(NullArrays.Create(SqlTypes.Arrow(Type), 0), IsConstant: false);
        }

        int[] elements = new int[scope.Rows];
        IArrowArray values = container.Array is MapArray map
            ? InMap(map, container, keys, elements)
            : InList((ListArray)container.Array, container, keys, elements);
        return new SqlVector(TakeKernel.Take(values, elements), IsConstant: false);
    }

    private static IArrowArray InList(ListArray list, SqlVector container, SqlVector keys, int[] elements)
    {
        ReadOnlySpan<int> offsets = list.ValueOffsets;
        ReadOnlySpan<int> places = keys.Fixed<int>();
        for (int row = 0; row < elements.Length; row++)
        {
            elements[row] = -1;
            if (!container.IsNull(row) && !keys.IsNull(row))
            {
                int at = row & container.Mask;
                int place = places[row & keys.Mask];
                elements[row] = place >= 0 && place < offsets[at + 1] - offsets[at] ? offsets[at] + place : -1;
            }
        }

        return list.Values;
    }

    // All entries are compared at once: each with the key that its row asks for.
    private IArrowArray InMap(MapArray map, SqlVector container, SqlVector keys, int[] elements)
    {
        ReadOnlySpan<int> offsets = map.ValueOffsets;
        int[] wanted = new int[map.Keys.Length];
        System.Array.Fill(wanted, -1);
        for (int row = 0; row < map.Length; row++)
        {
            wanted.AsSpan(offsets[row], offsets[row + 1] - offsets[row]).Fill(row & keys.Mask);
        }

        SqlVector entries = new(map.Keys, IsConstant: false);
        SqlVector asked = new(TakeKernel.Take(keys.Array, wanted), IsConstant: false);
        SqlVector equal = new(ComparisonKernel.Compare(Comparison.Equal, key.Type, key.Type, entries, asked, wanted.Length), IsConstant: false);
        for (int row = 0; row < elements.Length; row++)
        {
            elements[row] = -1;
            int at = row & container.Mask;
            for (int entry = container.IsNull(row) ? offsets[at + 1] : offsets[at]; entry < offsets[at + 1]; entry++)
            {
                if (equal.IsTrue(entry))
                {
                    elements[row] = entry;
                    break;
                }
            }
        }

        return map.Values;
    }
}
