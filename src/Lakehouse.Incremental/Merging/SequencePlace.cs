using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Merging;

/// <summary>A place in the order that a caller names, in the type of its column.</summary>
internal static class SequencePlace
{
    /// <summary>An array of the one value; of a struct the value is a list of those of its fields.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: the value does not fit.</exception>
    public static IArrowArray ToArray(string flow, object? value, Field column)
    {
        if (value is null)
        {
            return NullArrays.Create(column.DataType, 1);
        }

        if (column.DataType is StructType composite && value is IReadOnlyList<object?> parts && parts.Count == composite.Fields.Count)
        {
            IArrowArray[] fields = [.. composite.Fields.Select((field, i) => ToArray(flow, parts[i], field))];
            return new StructArray(composite, 1, fields, ArrowBuffer.Empty, 0);
        }

        try
        {
            return FilterLiteral.ToArray(value, column);
        }
        catch (LakehouseException error)
        {
            throw new LakehouseException(error.ErrorCode, $"Flow '{flow}': {value} is no place in the order: {error.Message}", error) { Flow = flow };
        }
    }
}
