namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>What the columns of a table must satisfy when they are defined.</summary>
internal static class SchemaChecks
{
    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(" ,;{}()\n\t=");
    private static readonly string[] Reserved = ["_change_type", "_commit_version", "_commit_timestamp"];

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/> or <see cref="ErrorCodes.ReservedColumn"/>.</exception>
    /// <param name="schema">The columns.</param>
    /// <param name="partitionColumns">Names of the partition columns.</param>
    /// <param name="anyName">Whether names may hold characters that files cannot, because the table has column mapping.</param>
    public static void Check(StructType schema, IReadOnlyList<string> partitionColumns, bool anyName = false)
    {
        if (schema.Fields.Count == 0)
        {
            throw Invalid("a table needs at least one column");
        }

        CheckType(schema, "", anyName);
        if (schema.Fields.FirstOrDefault(f => Reserved.Contains(f.Name, StringComparer.OrdinalIgnoreCase)) is { } reserved)
        {
            throw new LakehouseException(ErrorCodes.ReservedColumn, $"The column name {reserved.Name} is reserved for change data.");
        }

        foreach (string column in partitionColumns)
        {
            int position = schema.IndexOf(column);
            if (position < 0)
            {
                throw Invalid($"the partition column {column} is not among the columns");
            }

            DataType type = schema.Fields[position].Type;
            if (type is not (PrimitiveType or DecimalType) || type == PrimitiveType.Void || type == PrimitiveType.Variant)
            {
                throw Invalid($"the partition column {column} is of a type whose values cannot be told apart by text");
            }
        }

        if (partitionColumns.Distinct(StringComparer.Ordinal).Count() < partitionColumns.Count)
        {
            throw Invalid("a partition column is named twice");
        }

        if (schema.Fields.All(f => partitionColumns.Contains(f.Name, StringComparer.Ordinal) || f.Type == PrimitiveType.Void))
        {
            throw Invalid("no column would be stored in a file: all are partition columns or void");
        }
    }

    private static void CheckType(DataType type, string parent, bool anyName)
    {
        switch (type)
        {
            case StructType structure:
                if (structure.Fields.All(f => f.Type == PrimitiveType.Void) && parent.Length > 0)
                {
                    throw Invalid($"the struct '{parent.TrimEnd('.')}' has no field that is stored");
                }

                HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
                foreach (StructField field in structure.Fields)
                {
                    string path = parent + field.Name;
                    if (field.Name.Length == 0 || (!anyName && field.Name.AsSpan().IndexOfAny(Forbidden) >= 0))
                    {
                        throw Invalid($"the column name '{path}' is empty or has one of the characters ' ,;{{}}()=', tab or newline");
                    }

                    if (!names.Add(field.Name))
                    {
                        throw Invalid($"the column name '{path}' is there twice, or differs from another by case only");
                    }

                    CheckType(field.Type, path + ".", anyName);
                }

                break;
            case ArrayType array:
                CheckElement(array.ElementType, parent, anyName);
                break;
            case MapType map:
                CheckElement(map.KeyType, parent, anyName);
                CheckElement(map.ValueType, parent, anyName);
                break;
            case DecimalType number when number.Precision is < 1 or > 38 || number.Scale < 0 || number.Scale > number.Precision:
                throw Invalid($"'{parent.TrimEnd('.')}' is {number}, which the format does not have");
            default:
                break;
        }
    }

    private static void CheckElement(DataType type, string parent, bool anyName)
    {
        if (type == PrimitiveType.Void)
        {
            throw Invalid($"'{parent.TrimEnd('.')}' is a list or map of void");
        }

        CheckType(type, parent, anyName);
    }

    private static LakehouseException Invalid(string what) => new(ErrorCodes.InvalidConfiguration, $"The schema is not valid: {what}.");
}
