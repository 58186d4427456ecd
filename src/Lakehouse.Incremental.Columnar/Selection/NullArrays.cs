using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>An array of nulls of any type.</summary>
internal static class NullArrays
{
    public static IArrowArray Create(IArrowType type, int length) =>
        ArrowArrayFactory.BuildArray(GatherKernel.Gather(type, [], length == 0 ? [] : [new RowRun(-1, 0, length)]));
}
