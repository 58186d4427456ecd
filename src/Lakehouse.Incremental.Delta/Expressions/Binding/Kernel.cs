using Apache.Arrow;
using Lakehouse.Incremental.Delta.Expressions.Values;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>Makes the values of all rows of a scope from those of the arguments.</summary>
internal delegate IArrowArray Kernel(SqlVector[] arguments, EvaluationScope scope);
