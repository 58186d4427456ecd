using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// One component of a composite sequence: a column of the order, or below it a field of a struct, whose fields order as columns do. Which of them may be null is for
/// the flow to say (semantics 2.9).
/// </summary>
internal sealed class SequenceComponent
{
    private SequenceComponent(string name, IReadOnlyList<SequenceComponent> fields, bool nullsFirst) => (Name, Fields, NullsFirst) = (name, fields, nullsFirst);

    /// <summary>The name of the column; of a field with those above it, joined by dots.</summary>
    public string Name { get; }

    /// <summary>The components of a struct; none for a value.</summary>
    public IReadOnlyList<SequenceComponent> Fields { get; }

    /// <summary>A null here is a place in the order: before all values.</summary>
    public bool NullsFirst { get; }

    /// <summary>This component and all below it.</summary>
    public IEnumerable<SequenceComponent> All => [this, .. Fields.SelectMany(static below => below.All)];

    /// <param name="column">A column of the order.</param>
    /// <param name="nullsFirst">The names of components that may be null.</param>
    public static SequenceComponent Of(Field column, IReadOnlyList<string> nullsFirst) => Of(column.Name, column.DataType, nullsFirst);

    /// <summary>The column of the target for a column of events: nullable wherever the flow takes nulls, since events to come may have some.</summary>
    public static Field Nullable(Field column, IReadOnlyList<string> nullsFirst) => nullsFirst.Count == 0 ? column : Nullable(column, column.Name, nullsFirst);

    /// <summary>True where a column that the flow takes nulls in, or a field of it, cannot hold them.</summary>
    public static bool Refuses(Field column, IReadOnlyList<string> nullsFirst) => nullsFirst.Count > 0 && Refuses(column, column.Name, nullsFirst);

    /// <summary>The array of each component below a column, this one's first, and in which rows it is there: not under a struct that is null.</summary>
    public IEnumerable<(SequenceComponent Component, IArrowArray Values, Func<int, bool> IsThere)> Walk(IArrowArray column) => Walk(column, static _ => true);

    private IEnumerable<(SequenceComponent Component, IArrowArray Values, Func<int, bool> IsThere)> Walk(IArrowArray column, Func<int, bool> isThere)
    {
        yield return (this, column, isThere);
        for (int i = 0; i < Fields.Count; i++)
        {
            IArrowArray field = ArrowArrayFactory.BuildArray(column.Data.Children[i].Slice(column.Data.Offset, column.Length));
            foreach ((SequenceComponent, IArrowArray, Func<int, bool>) below in Fields[i].Walk(field, row => isThere(row) && !column.IsNull(row)))
            {
                yield return below;
            }
        }
    }

    private static SequenceComponent Of(string name, IArrowType type, IReadOnlyList<string> nullsFirst) => new(
        name,
        type is StructType composite ? [.. composite.Fields.Select(field => Of(Below(name, field), field.DataType, nullsFirst))] : [],
        nullsFirst.Contains(name, StringComparer.Ordinal));

    private static Field Nullable(Field field, string name, IReadOnlyList<string> nullsFirst)
    {
        IArrowType type = field.DataType is StructType composite
            ? new StructType([.. composite.Fields.Select(below => Nullable(below, Below(name, below), nullsFirst))])
            : field.DataType;
        return new Field(field.Name, type, field.IsNullable || nullsFirst.Contains(name, StringComparer.Ordinal), field.Metadata);
    }

    private static bool Refuses(Field field, string name, IReadOnlyList<string> nullsFirst) =>
        (!field.IsNullable && nullsFirst.Contains(name, StringComparer.Ordinal))
        || (field.DataType is StructType composite && composite.Fields.Any(below => Refuses(below, Below(name, below), nullsFirst)));

    private static string Below(string name, Field field) => $"{name}.{field.Name}";
}
