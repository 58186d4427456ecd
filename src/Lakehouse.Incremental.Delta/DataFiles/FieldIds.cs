using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Schemas;
using ListType = Apache.Arrow.Types.ListType;
using MapType = Apache.Arrow.Types.MapType;
using StructType = Apache.Arrow.Types.StructType;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Finds columns by field id (column mapping mode <c>id</c>): gives the columns of a file the names of the wanted ones that have the same id, and the
/// others names that nobody asks for, so that everything after goes by name.
/// </summary>
internal static class FieldIds
{
    // No column name holds a control character.
    private const string Unmatched = "\u0001";

    /// <exception cref="InvalidCastException">The file has no field ids at all: its columns cannot be told apart.</exception>
    public static Schema Align(Schema file, Schema wanted)
    {
        if (file.FieldsList.Count > 0 && !file.FieldsList.Any(static field => Id(field) is not null))
        {
            throw new InvalidCastException("the table finds columns by field id (delta.columnMapping.mode = id), but the file has no field ids");
        }

        return new Schema(Align(file.FieldsList, wanted.FieldsList), null);
    }

    public static RecordBatch Align(RecordBatch native, Schema wanted) =>
        RetypeKernel.Retype(native, new Schema(Align(native.Schema.FieldsList, wanted.FieldsList), null));

    private static List<Field> Align(IReadOnlyList<Field> file, IReadOnlyList<Field> wanted)
    {
        List<Field> aligned = new(file.Count);
        foreach (Field field in file)
        {
            // What the format itself adds, such as the type of a change, has no id and goes by name.
            Field? match = Id(field) is { } id
                ? wanted.FirstOrDefault(candidate => Id(candidate) == id)
                : wanted.FirstOrDefault(candidate => Id(candidate) is null && string.Equals(candidate.Name, field.Name, StringComparison.Ordinal));
            aligned.Add(match is null
                ? new Field(Unmatched + field.Name, field.DataType, field.IsNullable, field.Metadata)
                : new Field(match.Name, Align(field.DataType, match.DataType), field.IsNullable, field.Metadata));
        }

        return aligned;
    }

    private static IArrowType Align(IArrowType file, IArrowType wanted) => (file, wanted) switch
    {
        (StructType f, StructType w) when w.Fields.Any(static field => Id(field) is not null) => new StructType(Align(f.Fields, w.Fields)),
        (ListType f, ListType w) => new ListType(Element(f.ValueField, w.ValueField)),
        (MapType f, MapType w) => new MapType(Element(f.KeyField, w.KeyField), Element(f.ValueField, w.ValueField), f.KeySorted),
        _ => file,
    };

    // What lists and maps hold has no name of its own.
    private static Field Element(Field file, Field wanted) =>
        new(file.Name, Align(file.DataType, wanted.DataType), file.IsNullable, file.Metadata);

    private static int? Id(Field field) =>
        field.Metadata is { } metadata && metadata.TryGetValue(ColumnMapping.ParquetFieldId, out string? text)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id) ? id : null;
}
