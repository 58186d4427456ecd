using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Merging;

/// <summary>The columns that a flow writes into its target beside those of the events.</summary>
internal static class TargetColumns
{
    /// <summary>Type 1 with soft deletes: whether the key is deleted.</summary>
    public const string IsDeleted = "__is_deleted";

    /// <summary>Type 1 with soft deletes: since when; null while it is not.</summary>
    public const string DeletedAt = "__deleted_at";

    /// <summary>Where values go that have no column, with <see cref="SchemaPolicy.Rescue"/>. A column of the data like others.</summary>
    public const string Rescued = "_rescued_data";

    /// <summary>The names that events cannot use.</summary>
    public static IReadOnlyList<string> Names(MergeConfiguration flow) => [.. Fields(flow, [new Field("", Int64Type.Default, nullable: true)]).Select(static f => f.Name)];

    /// <summary>The fields for a flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="position">The columns from which on a row holds.</param>
    public static IReadOnlyList<Field> Fields(MergeConfiguration flow, IReadOnlyList<Field> position)
    {
        // The type of the position when it is one column, else a struct of the columns.
        IArrowType type = position.Count == 1
            ? position[0].DataType
            : new StructType([.. position.Select(static f => new Field(f.Name, f.DataType, nullable: true))]);
        bool soft = flow.DeleteMode == DeleteMode.Soft;
        List<Field> fields = [];
        if (flow.IsHistory)
        {
            Add(flow.History.Start, type);
            Add(flow.History.End, type);
            Add(flow.History.IsCurrent, BooleanType.Default);
            Add(soft ? flow.History.IsDeleted : null, BooleanType.Default);
        }
        else if (soft)
        {
            Add(IsDeleted, BooleanType.Default);
            Add(DeletedAt, type);
        }

        return fields;

        void Add(string? name, IArrowType ofType)
        {
            if (name is not null)
            {
                fields.Add(new Field(name, ofType, nullable: true));
            }
        }
    }
}
