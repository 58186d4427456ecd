using Apache.Arrow;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>
/// Columns by exact name. Arrow's own look-up compares as the current culture does, to which names with invisible characters are equal.
/// </summary>
internal static class SchemaPositions
{
    /// <summary>Position of the first column of a name, or -1.</summary>
    public static int PositionOf(this Schema schema, string name)
    {
        IReadOnlyList<Field> fields = schema.FieldsList;
        for (int i = 0; i < fields.Count; i++)
        {
            if (string.Equals(fields[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
