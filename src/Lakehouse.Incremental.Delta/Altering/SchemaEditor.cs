using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>
/// Changes one field at a path of a schema. Below a list the path goes on with <c>element</c>, below a map with <c>key</c> or <c>value</c>, as in SQL.
/// Names are found without regard to case when no name is exact.
/// </summary>
internal static class SchemaEditor
{
    public const string Element = "element";
    public const string Key = "key";
    public const string Value = "value";

    /// <summary>Adds fields at the end of the schema or of the struct at <paramref name="parent"/>.</summary>
    public static StructType Add(StructType schema, IReadOnlyList<string> parent, IEnumerable<StructField> fields) => parent.Count == 0
        ? new StructType([.. schema.Fields, .. fields])
        : ChangeStruct(schema, parent, structure => new StructType([.. structure.Fields, .. fields]));

    /// <summary>Replaces the field at a path; null takes it away.</summary>
    public static StructType Change(StructType schema, IReadOnlyList<string> path, Func<StructField, StructField?> change)
    {
        StructType Edit(StructType structure)
        {
            int at = Find(structure, path[^1]);
            StructField? changed = change(structure.Fields[at]);
            List<StructField> fields = [.. structure.Fields];
            if (changed is null)
            {
                fields.RemoveAt(at);
            }
            else
            {
                fields[at] = changed;
            }

            return new StructType(fields);
        }

        return path.Count == 1 ? Edit(schema) : ChangeStruct(schema, [.. path.Take(path.Count - 1)], Edit);
    }

    /// <summary>Changes the type of a field, or of what a list or map holds, and records that at the nearest field.</summary>
    public static StructType ChangeType(StructType schema, IReadOnlyList<string> path, Func<DataType, DataType> change)
    {
        int at = Find(schema, path[0]);
        List<StructField> fields = [.. schema.Fields];
        fields[at] = ChangeType(fields[at], path, 1, change);
        return new StructType(fields);
    }

    private static StructField ChangeType(StructField field, IReadOnlyList<string> path, int next, Func<DataType, DataType> change)
    {
        List<string> inner = [];
        StructField owner = field;
        DataType Walk(DataType type, int depth)
        {
            if (depth == path.Count)
            {
                DataType changed = change(type);
                owner = TypeWidening.Record(owner, string.Join('.', inner), type, changed);
                return changed;
            }

            inner.Add(path[depth]);
            switch (type)
            {
                case StructType structure:
                    return ChangeType(structure, [.. path.Skip(depth)], change);
                case ArrayType array when path[depth] == Element:
                    return array with { ElementType = Walk(array.ElementType, depth + 1) };
                case MapType map when path[depth] == Key:
                    return map with { KeyType = Walk(map.KeyType, depth + 1) };
                case MapType map when path[depth] == Value:
                    return map with { ValueType = Walk(map.ValueType, depth + 1) };
                default:
                    throw Unknown(path[depth]);
            }
        }

        DataType walked = Walk(field.Type, next);
        return owner with { Type = walked };
    }

    private static StructType ChangeStruct(StructType schema, IReadOnlyList<string> path, Func<StructType, StructType> change)
    {
        DataType Walk(DataType type, int depth)
        {
            if (depth == path.Count)
            {
                return type is StructType target ? change(target) : throw Unknown(path[^1]);
            }

            switch (type)
            {
                case StructType structure:
                    int at = Find(structure, path[depth]);
                    List<StructField> fields = [.. structure.Fields];
                    fields[at] = fields[at] with { Type = Walk(fields[at].Type, depth + 1) };
                    return new StructType(fields);
                case ArrayType array when path[depth] == Element:
                    return array with { ElementType = Walk(array.ElementType, depth + 1) };
                case MapType map when path[depth] == Key:
                    return map with { KeyType = Walk(map.KeyType, depth + 1) };
                case MapType map when path[depth] == Value:
                    return map with { ValueType = Walk(map.ValueType, depth + 1) };
                default:
                    throw Unknown(path[depth]);
            }
        }

        return (StructType)Walk(schema, 0);
    }

    private static int Find(StructType structure, string name) => structure.Find(name) is >= 0 and int at ? at : throw Unknown(name);

    private static LakehouseException Unknown(string name) => new(ErrorCodes.SchemaMismatch, $"The table has no column or field '{name}' there.");
}
