using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Quarantine;

/// <summary>Events without a place in the order (semantics 2.9): a null in a component that the flow does not take nulls in, nothing but nulls, or NaN.</summary>
internal static class InvalidSequences
{
    /// <param name="invalid">Gets the rows, first those with nulls.</param>
    /// <param name="layout">Where the sequences are.</param>
    /// <param name="data">The events in the target's types.</param>
    /// <param name="needsNone">Rows that speak only of groups.</param>
    public static void Add(InvalidEvents invalid, MergeLayout layout, RecordBatch data, Func<int, bool> needsNone)
    {
        for (int i = 0; i < layout.Order.Length; i++)
        {
            foreach ((SequenceComponent part, IArrowArray values, Func<int, bool> isThere) in layout.Components[i].Walk(data.Column(layout.Order[i])))
            {
                AddWhere(part.NullsFirst || values.NullCount == 0 ? null : row => values.IsNull(row) && isThere(row) && !needsNone(row), ErrorCodes.NullSequence, part.Name);
            }
        }

        AddEmpty();
        foreach ((int column, SequenceComponent whole) in layout.Order.Zip(layout.Components).Concat(layout.Groups.SelectMany(Components)))
        {
            foreach ((SequenceComponent part, IArrowArray values, Func<int, bool> isThere) in whole.Walk(data.Column(column)).Where(static p => p.Values.Data.DataType is FloatingPointType))
            {
                AddWhere(row => !values.IsNull(row) && isThere(row) && IsNaN(values, row), ErrorCodes.NonOrderableSequence, part.Name);
            }
        }

        // A sequence of which every component is null is null itself, whatever may be null in it.
        void AddEmpty()
        {
            int first = layout.Order.Length - layout.SequenceColumns;
            if (layout.Components.Skip(first).SelectMany(static c => c.All).Any(static c => c.NullsFirst))
            {
                bool[] told = new bool[data.Length];
                for (int i = first; i < layout.Order.Length; i++)
                {
                    Mark(told, layout.Components[i], data.Column(layout.Order[i]));
                }

                AddWhere(row => !told[row], ErrorCodes.NullSequence, layout.Components[first].Name);
            }
        }

        void AddWhere(Func<int, bool>? condition, string code, string name)
        {
            for (int row = 0; condition is not null && row < data.Length; row++)
            {
                if (condition(row))
                {
                    invalid.Add(row, code, name);
                }
            }
        }

        IEnumerable<(int, SequenceComponent)> Components(GroupLayout group) =>
            group.Sequence.Select(column => (column, SequenceComponent.Of(layout.Data.GetFieldByIndex(column), [])));
    }

    private static void Mark(bool[] told, SequenceComponent component, IArrowArray column)
    {
        foreach ((SequenceComponent _, IArrowArray values, Func<int, bool> isThere) in component.Walk(column).Where(static p => p.Component.Fields.Count == 0))
        {
            for (int row = 0; row < told.Length; row++)
            {
                told[row] |= !values.IsNull(row) && isThere(row);
            }
        }
    }

    private static bool IsNaN(IArrowArray array, int row) => array switch
    {
        DoubleArray doubles => double.IsNaN(doubles.Values[row]),
        FloatArray floats => float.IsNaN(floats.Values[row]),
        _ => false,
    };
}
