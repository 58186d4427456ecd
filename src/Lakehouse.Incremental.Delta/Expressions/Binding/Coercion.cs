using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>Casts that are asked for, and those that types call for by themselves.</summary>
internal static class Coercion
{
    public static BoundNode Cast(BoundNode node, DataType type, bool isTry = false)
    {
        if (node.Type.Equals(type))
        {
            return node;
        }

        if (!CastKernel.CanCast(node.Type, type))
        {
            throw SqlTypes.IsNested(node.Type) || SqlTypes.IsNested(type)
                ? ExpressionErrors.Unsupported($"a cast of {SqlTypes.Name(node.Type)} to {SqlTypes.Name(type)}")
                : ExpressionErrors.Invalid($"there is no cast of {SqlTypes.Name(node.Type)} to {SqlTypes.Name(type)}");
        }

        CastKernel kernel = new(node.Type, type, isTry);
        return new BoundCall(type, [node], (values, scope) => kernel.Cast(values[0], scope));
    }

    /// <summary>An argument as its function takes it.</summary>
    public static BoundNode Implicit(BoundNode node, DataType type, string function) => Converts(node.Type, type)
        ? Cast(node, type)
        : throw ExpressionErrors.Invalid($"{function} takes {SqlTypes.Name(type)}, not {SqlTypes.Name(node.Type)}");

    /// <summary>Nodes of one type, which all of their types become.</summary>
    public static IReadOnlyList<BoundNode> ToCommon(IReadOnlyList<BoundNode> nodes, string function)
    {
        DataType common = nodes[0].Type;
        foreach (BoundNode node in nodes)
        {
            common = SqlTypes.Common(common, node.Type)
                ?? throw ExpressionErrors.Invalid($"{function} has values of {SqlTypes.Name(common)} and of {SqlTypes.Name(node.Type)}");
        }

        return [.. nodes.Select(node => Cast(node, common))];
    }

    private static bool Converts(DataType from, DataType to)
    {
        if (from.Equals(to) || from == PrimitiveType.Void || (SqlTypes.IsNumeric(from) && SqlTypes.IsNumeric(to)))
        {
            return true;
        }

        bool hasText = from == PrimitiveType.String || to == PrimitiveType.String;
        bool days = from == PrimitiveType.Date || SqlTypes.IsTimestamp(from);
        return (hasText && !SqlTypes.IsNested(from) && !SqlTypes.IsNested(to)) || (days && (to == PrimitiveType.Date || SqlTypes.IsTimestamp(to)));
    }
}
