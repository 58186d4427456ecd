namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>Makes a call of a function of arguments whose types are known.</summary>
internal delegate BoundNode FunctionBinder(IReadOnlyList<BoundNode> arguments);
