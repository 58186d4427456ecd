using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>The same values under a type that differs in names, nullability and metadata of nested fields only. Buffers are shared.</summary>
internal static class RetypeKernel
{
    public static RecordBatch Retype(RecordBatch source, Schema schema) =>
        new(schema, schema.FieldsList.Select((field, i) => Retype(source.Column(i), field.DataType)), source.Length);

    public static IArrowArray Retype(IArrowArray source, IArrowType type) =>
        type is NestedType ? ArrowArrayFactory.BuildArray(Retype(source.Data, type)) : source;

    public static ArrayData Retype(ArrayData data, IArrowType type)
    {
        if (type is not NestedType nested)
        {
            return data;
        }

        ArrayData[] children = [.. data.Children.Select((child, i) => Retype(child, nested.Fields[i].DataType))];
        return new ArrayData(type, data.Length, data.NullCount, data.Offset, data.Buffers, children);
    }
}
