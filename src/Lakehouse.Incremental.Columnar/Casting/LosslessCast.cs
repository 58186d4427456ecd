using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Brings arrays to the canonical types of the library (semantics 2.11): string, binary, boolean, int8 to int64, float, double, decimal128, date32,
/// timestamp in microseconds, list, map, struct. Only where the value stays the same; a value that would change fails. The result is always a copy.
/// </summary>
internal static class LosslessCast
{
    /// <summary>True when arrays of one type convert to another, though single values may fail.</summary>
    public static bool CanCast(IArrowType from, IArrowType to) => (from, to) switch
    {
        (NullType, _) => ArrowLayouts.IsCanonical(to),
        (DictionaryType d, _) => CanCast(d.ValueType, to),
        (StructType f, StructType t) => CanCastFields(f, t),
        (MapType f, MapType t) => CanCast(f.KeyField.DataType, t.KeyField.DataType) && CanCast(f.ValueField.DataType, t.ValueField.DataType),
        (ListType f, ListType t) => CanCast(f.ValueDataType, t.ValueDataType),
        (LargeListType f, ListType t) => CanCast(f.ValueDataType, t.ValueDataType),
        (FixedSizeListType f, ListType t) => CanCast(f.ValueDataType, t.ValueDataType),
        _ => ScalarCast.CanCast(from, to),
    };

    public static CastResult Cast(IArrowArray source, IArrowType target)
    {
        if (!CanCast(source.Data.DataType, target))
        {
            throw new ArgumentException($"{source.Data.DataType.Name} does not convert to {target.Name}.", nameof(target));
        }

        CastResult result = (source, target) switch
        {
            (NullArray, _) => new CastResult(NullArrays.Create(target, source.Length), null),
            (DictionaryArray dictionary, _) => CastDictionary(dictionary, target),
            (StructArray, StructType type) => CastStruct(source.Data, type),
            (_, MapType type) => CastMap(source.Data, type),
            (_, ListType type) => CastList(source.Data, type),
            _ => ScalarCast.Cast(source, target),
        };
        GC.KeepAlive(source);
        return result;
    }

    private static bool CanCastFields(StructType from, StructType to)
    {
        foreach (Field field in to.Fields)
        {
            int position = IndexOf(from, field.Name);
            if (position >= 0 && !CanCast(from.Fields[position].DataType, field.DataType))
            {
                return false;
            }
        }

        // A field that the target lacks would be lost.
        return from.Fields.All(field => IndexOf(to, field.Name) >= 0);
    }

    private static CastResult CastDictionary(DictionaryArray source, IArrowType target)
    {
        CastResult values = Cast(source.Dictionary, target);
        ArrayData indices = IntegerCast.Cast(source.Indices.Data, Int32Type.Default).Array.Data;
        int[] rows = MemoryMarshal.Cast<byte, int>(indices.Buffers[1].Span)[..source.Length].ToArray();
        bool[] failed = new bool[rows.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = GatherKernel.IsNull(indices, row) ? -1 : rows[row];
            failed[row] = rows[row] >= 0 && values.Failed is { } marks && marks[rows[row]];
        }

        return new CastResult(TakeKernel.Take(values.Array, rows), failed.AsSpan().Contains(true) ? failed : null);
    }

    private static CastResult CastStruct(ArrayData source, StructType target)
    {
        byte[] validity = CastColumn<byte>.Validity(source);
        (ArrayData[] children, bool[]? failed) = CastFields(source, target, validity);
        int nulls = source.Length - Bitmaps.Count(validity);
        ArrayData result = new(target, source.Length, nulls, 0, [nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity)], children);
        return new CastResult(ArrowArrayFactory.BuildArray(result), failed);
    }

    /// <summary>The fields of a struct in the order of the target, found by name; those that the source lacks are null.</summary>
    private static (ArrayData[] Fields, bool[]? Failed) CastFields(ArrayData source, StructType target, ReadOnlySpan<byte> validity)
    {
        StructType from = (StructType)source.DataType;
        ArrayData[] children = new ArrayData[target.Fields.Count];
        bool[] failed = new bool[source.Length];
        for (int i = 0; i < children.Length; i++)
        {
            int position = IndexOf(from, target.Fields[i].Name);
            if (position < 0)
            {
                children[i] = NullArrays.Create(target.Fields[i].DataType, source.Length).Data;
                continue;
            }

            IArrowArray field = ArrowArrayFactory.BuildArray(source.Children[position].Slice(source.Offset, source.Length));
            CastResult child = Cast(field, target.Fields[i].DataType);
            children[i] = child.Array.Data;

            // What lies under a null struct is not a value.
            for (int row = 0; row < source.Length && child.Failed is not null; row++)
            {
                failed[row] |= child.Failed[row] && Bitmaps.Get(validity, row);
            }
        }

        return (children, failed.AsSpan().Contains(true) ? failed : null);
    }

    private static CastResult CastList(ArrayData source, ListType target)
    {
        ArrayData list = ListLayout.ToList(source);
        CastResult elements = Cast(ArrowArrayFactory.BuildArray(list.Children[0]), target.ValueDataType);
        return Assemble(list, target, elements.Array.Data, elements.Failed);
    }

    private static CastResult CastMap(ArrayData source, MapType target)
    {
        ArrayData list = ListLayout.ToList(source);
        ArrayData entries = list.Children[0];
        StructType type = target.KeyValueType;

        // Key and value go by position: writers name them differently.
        CastResult[] columns = new CastResult[2];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = Cast(ArrowArrayFactory.BuildArray(entries.Children[i].Slice(entries.Offset, entries.Length)), type.Fields[i].DataType);
        }

        ArrayData pairs = new(type, entries.Length, 0, 0, [ArrowBuffer.Empty], [.. columns.Select(column => column.Array.Data)]);
        bool[]? failed = columns[0].Failed ?? columns[1].Failed;
        if (columns[0].Failed is { } keys && columns[1].Failed is { } values)
        {
            failed = [.. keys.Zip(values, (key, value) => key || value)];
        }

        return Assemble(list, target, pairs, failed);
    }

    private static CastResult Assemble(ArrayData list, IArrowType target, ArrayData elements, bool[]? failed)
    {
        ArrayData result = new(target, list.Length, list.NullCount, 0, list.Buffers, [elements]);
        return new CastResult(ArrowArrayFactory.BuildArray(result), failed is null ? null : ListLayout.RowsWith(list, failed));
    }

    private static int IndexOf(StructType type, string name)
    {
        for (int i = 0; i < type.Fields.Count; i++)
        {
            if (string.Equals(type.Fields[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
