namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>What the columns of a new table must satisfy.</summary>
internal static class SchemaChecks
{
    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(" ,;{}()\n\t=");
    private static readonly string[] Reserved = ["_change_type", "_commit_version", "_commit_timestamp"];

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/> or <see cref="ErrorCodes.ReservedColumn"/>.</exception>
    public static void Check(StructType schema, IReadOnlyList<string> partitionColumns)
    {
        if (schema.Fields.Count == 0)
        {
            throw Invalid("a table needs at least one column");
        }

        CheckNames(schema, "");
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

        if (partitionColumns.Distinct(StringComparer.Ordinal).Count() != partitionColumns.Count)
        {
            throw Invalid("a partition column is named twice");
        }

        if (partitionColumns.Count == schema.Fields.Count)
        {
            throw Invalid("all columns are partition columns");
        }
    }

    private static void CheckNames(DataType type, string parent)
    {
        switch (type)
        {
            case StructType structure:
                HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
                foreach (StructField field in structure.Fields)
                {
                    string path = parent + field.Name;
                    if (field.Name.Length == 0 || field.Name.AsSpan().IndexOfAny(Forbidden) >= 0)
                    {
                        throw Invalid($"the column name '{path}' is empty or has one of the characters ' ,;{{}}()=', tab or newline");
                    }

                    if (!names.Add(field.Name))
                    {
                        throw Invalid($"the column name '{path}' is there twice, or differs from another by case only");
                    }

                    CheckNames(field.Type, path + ".");
                }

                break;
            case ArrayType array:
                CheckNames(array.ElementType, parent);
                break;
            case MapType map:
                CheckNames(map.KeyType, parent);
                CheckNames(map.ValueType, parent);
                break;
            case DecimalType number when number.Precision is < 1 or > 38 || number.Scale < 0 || number.Scale > number.Precision:
                throw Invalid($"{number} of '{parent.TrimEnd('.')}' needs a precision of 1 to 38 and a scale of 0 to the precision");
            default:
                break;
        }
    }

    private static LakehouseException Invalid(string what) => new(ErrorCodes.InvalidConfiguration, $"The schema is not valid: {what}.");
}
