using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Counts nulls where a field, or a field nested in it, holds none. A nested value counts only where all around it is there.</summary>
internal static class NullCheck
{
    public static long CountForbidden(IArrowArray array, Field field)
    {
        if (HoldsRequired(field.DataType))
        {
            return Count(array, field, null);
        }

        return field.IsNullable ? 0 : array.NullCount;
    }

    private static bool HoldsRequired(IArrowType type) => type switch
    {
        StructType structure => structure.Fields.Any(static field => !field.IsNullable || HoldsRequired(field.DataType)),
        MapType map => !map.ValueField.IsNullable || HoldsRequired(map.ValueField.DataType) || HoldsRequired(map.KeyField.DataType),
        ListType list => !list.ValueField.IsNullable || HoldsRequired(list.ValueDataType),
        _ => false,
    };

    // Visible: the rows whose surroundings are there; null for all.
    private static long Count(IArrowArray array, Field field, bool[]? visible)
    {
        long forbidden = 0;
        bool[] present = new bool[array.Length];
        ReadOnlySpan<byte> validity = array.NullCount == 0 ? [] : array.Data.Buffers[0].Span;
        for (int i = 0; i < present.Length; i++)
        {
            bool isSeen = visible is null || visible[i];
            bool isNull = !validity.IsEmpty && !BitUtility.GetBit(validity, array.Offset + i);
            present[i] = isSeen && !isNull;
            forbidden += isSeen && isNull && !field.IsNullable ? 1 : 0;
        }

        return forbidden + (HoldsRequired(field.DataType) ? CountNested(array, present) : 0);
    }

    private static long CountNested(IArrowArray array, bool[] present)
    {
        switch (array)
        {
            case StructArray structure:
                StructType type = (StructType)structure.Data.DataType;
                return type.Fields.Select((field, i) => Count(structure.Fields[i], field, present)).Sum();
            case MapArray map:
                MapType mapType = (MapType)map.Data.DataType;
                bool[] entries = Elements(map.ValueOffsets, present, map.Keys.Length);
                return Count(map.Keys, mapType.KeyField, entries) + Count(map.Values, mapType.ValueField, entries);
            case ListArray list:
                return Count(list.Values, ((ListType)list.Data.DataType).ValueField, Elements(list.ValueOffsets, present, list.Values.Length));
            default:
                return 0;
        }
    }

    private static bool[] Elements(ReadOnlySpan<int> offsets, bool[] present, int length)
    {
        bool[] elements = new bool[length];
        for (int i = 0; i < present.Length; i++)
        {
            if (present[i])
            {
                elements.AsSpan(offsets[i], offsets[i + 1] - offsets[i]).Fill(true);
            }
        }

        return elements;
    }
}
