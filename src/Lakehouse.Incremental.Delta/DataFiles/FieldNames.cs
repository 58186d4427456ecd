using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Finds columns that a file spells in another case than the table, which cannot have two names that differ by case only: gives them the table's names,
/// so that everything after goes by name. An exact name comes first; where it is not clear which column is meant, none is.
/// </summary>
internal static class FieldNames
{
    public static Schema Align(Schema file, Schema wanted) =>
        Align(file.FieldsList, wanted.FieldsList) is { } aligned ? new Schema(aligned, file.Metadata) : file;

    /// <summary>Null when the names are right already, as they nearly always are.</summary>
    private static List<Field>? Align(IReadOnlyList<Field> file, IReadOnlyList<Field> wanted)
    {
        Dictionary<string, Field> exact = new(wanted.Count, StringComparer.Ordinal);
        foreach (Field field in wanted)
        {
            exact.TryAdd(field.Name, field);
        }

        HashSet<string> present = new(file.Select(static field => field.Name), StringComparer.Ordinal);
        ILookup<string, Field>? lacking = present.IsSupersetOf(exact.Keys) ? null
            : wanted.Where(field => !present.Contains(field.Name)).ToLookup(static field => field.Name, StringComparer.OrdinalIgnoreCase);
        List<Field> aligned = new(file.Count);
        bool changed = false;
        foreach (Field field in file)
        {
            Field? match = exact.GetValueOrDefault(field.Name) ?? OnlyOne(lacking, field.Name, file);
            IArrowType? type = match is null ? null : Align(field.DataType, match.DataType);
            bool same = match is null || (type is null && string.Equals(match.Name, field.Name, StringComparison.Ordinal));
            aligned.Add(same ? field : new Field(match!.Name, type ?? field.DataType, field.IsNullable, field.Metadata));
            changed |= !same;
        }

        return changed ? aligned : null;
    }

    private static Field? OnlyOne(ILookup<string, Field>? lacking, string name, IReadOnlyList<Field> file)
    {
        if (lacking?[name].ToList() is not [{ } match])
        {
            return null;
        }

        return file.Count(other => string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase)) == 1 ? match : null;
    }

    private static IArrowType? Align(IArrowType file, IArrowType wanted)
    {
        switch (file, wanted)
        {
            case (StructType from, StructType to):
                return Align(from.Fields, to.Fields) is { } fields ? new StructType(fields) : null;
            case (MapType from, MapType to):
                IArrowType? key = Align(from.KeyField.DataType, to.KeyField.DataType);
                IArrowType? value = Align(from.ValueField.DataType, to.ValueField.DataType);
                return key is null && value is null ? null : new MapType(Retyped(from.KeyField, key), Retyped(from.ValueField, value), from.KeySorted);
            case (ListType from, ListType to):
                return Align(from.ValueDataType, to.ValueDataType) is { } element ? new ListType(Retyped(from.ValueField, element)) : null;
            default:
                return null;
        }
    }

    // What lists and maps hold has no name of its own.
    private static Field Retyped(Field field, IArrowType? type) => type is null ? field : new Field(field.Name, type, field.IsNullable, field.Metadata);
}
