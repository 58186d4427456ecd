using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary><c>CAST(operand AS type)</c>, or <c>TRY_CAST</c>, which gives null where the other fails.</summary>
internal sealed record CastNode(SqlNode Operand, DataType Type, bool IsTry) : SqlNode
{
    public override int Depth { get; } = Operand.Depth + 1;
}
