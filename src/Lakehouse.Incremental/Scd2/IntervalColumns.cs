using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Scd2;

/// <summary>The columns that a history table has beside the data: half-open periods <c>[start, end)</c> in terms of the sequence.</summary>
internal static class IntervalColumns
{
    public const string Start = "__start_at";
    public const string End = "__end_at";
    public const string IsCurrent = "__is_current";

    public static bool IsReserved(string name) => name is Start or End or IsCurrent;

    /// <summary>The fields for a sequence: its type when it is one column, else a struct of the columns.</summary>
    public static IReadOnlyList<Field> Fields(IReadOnlyList<Field> sequence)
    {
        IArrowType type = sequence.Count == 1
            ? sequence[0].DataType
            : new StructType([.. sequence.Select(f => new Field(f.Name, f.DataType, nullable: true))]);
        return [new Field(Start, type, nullable: true), new Field(End, type, nullable: true), new Field(IsCurrent, BooleanType.Default, nullable: true)];
    }
}
