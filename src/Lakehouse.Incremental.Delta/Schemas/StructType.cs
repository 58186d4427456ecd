namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>An ordered list of fields: the type of a struct column, or the schema of a table.</summary>
internal sealed record StructType(IReadOnlyList<StructField> Fields) : DataType
{
    /// <summary>Position of a field by exact name, or -1.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Fields.Count; i++)
        {
            if (string.Equals(Fields[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Position of a field by its exact name, or by one that differs in case only; -1 when there is none.</summary>
    public int Find(string name)
    {
        int position = IndexOf(name);
        for (int i = 0; position < 0 && i < Fields.Count; i++)
        {
            position = string.Equals(Fields[i].Name, name, StringComparison.OrdinalIgnoreCase) ? i : -1;
        }

        return position;
    }
}
