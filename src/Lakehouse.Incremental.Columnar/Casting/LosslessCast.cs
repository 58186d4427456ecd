using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Brings arrays to the canonical types of the library (semantics 2.11): string, binary, boolean, int8 to int64, float, double, decimal128, date32,
/// timestamp in microseconds, list, map, struct. Inside a family only, and only where the value stays the same; a value that would change fails.
/// </summary>
internal static class LosslessCast
{
    public static bool CanCast(IArrowType from, IArrowType to) => (from, to) switch
    {
        (NullType, _) => true,
        (DictionaryType d, _) => CanCast(d.ValueType, to),
        (StructType f, StructType t) => t.Fields.All(field => Find(f, field.Name) is not { } child || CanCast(child.DataType, field.DataType))
            && f.Fields.All(field => Find(t, field.Name) is not null),
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

        return (source, target) switch
        {
            (NullArray, _) or (_, NullType) => new CastResult(NullArrays.Create(target, source.Length), null),
            (DictionaryArray dictionary, _) => CastDictionary(dictionary, target),
            (StructArray composite, StructType type) => CastStruct(composite, type),
            (_, MapType type) => CastNested(ListLayout.ToList(source), type, type.Fields[0].DataType),
            (_, ListType type) => CastNested(ListLayout.ToList(source), type, type.ValueDataType),
            _ => ScalarCast.Cast(source, target),
        };
    }

    private static CastResult CastDictionary(DictionaryArray source, IArrowType target)
    {
        CastResult values = Cast(source.Dictionary, target);
        long?[] indices = ScalarCast.Integers(source.Indices);
        int[] rows = [.. indices.Select(i => i is { } index ? checked((int)index) : -1)];
        bool[]? failed = values.Failed is { } f ? [.. rows.Select(r => r >= 0 && f[r])] : null;
        return new CastResult(TakeKernel.Take(values.Array, rows), failed?.Contains(true) == true ? failed : null);
    }

    private static CastResult CastStruct(StructArray source, StructType target)
    {
        StructType from = (StructType)source.Data.DataType;
        ArrayData data = source.Data;
        bool[]? failed = null;
        ArrayData[] children = new ArrayData[target.Fields.Count];
        for (int i = 0; i < children.Length; i++)
        {
            Field field = target.Fields[i];
            int position = from.Fields.ToList().FindIndex(f => string.Equals(f.Name, field.Name, StringComparison.Ordinal));
            if (position < 0)
            {
                children[i] = NullArrays.Create(field.DataType, data.Length).Data;
                continue;
            }

            CastResult child = Cast(ArrowArrayFactory.BuildArray(data.Children[position].Slice(data.Offset, data.Length)), field.DataType);
            children[i] = child.Array.Data;
            failed = Merge(failed, child.Failed is { } f ? [.. f.Select((bad, row) => bad && !source.IsNull(row))] : null);
        }

        byte[] validity = new byte[(data.Length + 7) / 8];
        for (int row = 0; row < data.Length; row++)
        {
            BitUtility.SetBit(validity, row, !source.IsNull(row));
        }

        ArrayData result = new(target, data.Length, source.NullCount, 0, [source.NullCount == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity)], children);
        return new CastResult(ArrowArrayFactory.BuildArray(result), failed);
    }

    private static CastResult CastNested(ArrayData list, IArrowType target, IArrowType element)
    {
        CastResult elements = Cast(ArrowArrayFactory.BuildArray(list.Children[0]), element);
        ArrayData result = new(target, list.Length, list.NullCount, 0, list.Buffers, [elements.Array.Data]);
        return new CastResult(ArrowArrayFactory.BuildArray(result), elements.Failed is { } failed ? ListLayout.RowsWith(list, failed) : null);
    }

    private static bool[]? Merge(bool[]? a, bool[]? b)
    {
        if (a is null || b is null)
        {
            return a ?? (b?.Contains(true) == true ? b : null);
        }

        return [.. a.Select((bad, row) => bad || b[row])];
    }

    private static Field? Find(StructType type, string name) => type.Fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal));
}
