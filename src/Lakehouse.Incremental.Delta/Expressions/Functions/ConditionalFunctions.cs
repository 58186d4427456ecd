using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>Functions that choose among their arguments.</summary>
internal static class ConditionalFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Add("if", 3, static a => Choose([a[0]], [a[1], a[2]], "if"));
        table.Add("nvl2", 3, static a => Choose([IsNotNull(a[0])], [a[1], a[2]], "nvl2"));
        table.Add("nullif", 2, static a => new BoundCase(
            a[0].Type, [OperatorBinder.Compare(Comparison.Equal, a[0], a[1])],
                [Coercion.Cast(new BoundLiteral(null, PrimitiveType.Void), a[0].Type)], a[0]));
        table.AddVariadic("coalesce", static a => Coalesce(a, "coalesce"));
        table.Add("nvl", 2, static a => Coalesce(a, "nvl"));
        table.Alias("ifnull", "nvl");
        table.AddVariadic("greatest", static a => Extreme(a, Comparison.GreaterThan, "greatest"));
        table.AddVariadic("least", static a => Extreme(a, Comparison.LessThan, "least"));
        table.Add("equal_null", 2, static a => OperatorBinder.NullSafeEqual(a[0], a[1]));
        table.Add("nanvl", 2, static a =>
            NanOr(Coercion.Implicit(a[0], PrimitiveType.Double, "nanvl"), Coercion.Implicit(a[1], PrimitiveType.Double, "nanvl")));
        table.Add("isnan", 1, static a => OperatorBinder.Is(
            Coercion.Implicit(a[0], PrimitiveType.Double, "isnan"),
            static (values, row) => !values.IsNull(row) && double.IsNaN(values.Fixed<double>()[row & values.Mask])));
    }

    private static BoundNode IsNotNull(BoundNode node) => OperatorBinder.Is(node, static (values, row) => !values.IsNull(row));

    private static BoundCase Choose(BoundNode[] conditions, BoundNode[] results, string name)
    {
        IReadOnlyList<BoundNode> values = Coercion.ToCommon(results, name);
        return new BoundCase(values[0].Type, [.. conditions.Select(c => OperatorBinder.Condition(c, name))], [values[0]], values[1]);
    }

    private static BoundCoalesce Coalesce(IReadOnlyList<BoundNode> arguments, string name)
    {
        IReadOnlyList<BoundNode> values = Coercion.ToCommon(arguments, name);
        return new BoundCoalesce(values[0].Type, values);
    }

    private static BoundCase NanOr(BoundNode value, BoundNode fallback)
    {
        BoundNode isNan = OperatorBinder.Is(
            value, static (values, row) => !values.IsNull(row) && double.IsNaN(values.Fixed<double>()[row & values.Mask]));
        return new BoundCase(PrimitiveType.Double, [isNan], [fallback], value);
    }

    // The greatest or least value; nulls do not count.
    private static BoundCall Extreme(IReadOnlyList<BoundNode> arguments, Comparison better, string name)
    {
        if (arguments.Count < 2)
        {
            throw ExpressionErrors.Invalid($"{name} takes two or more arguments");
        }

        IReadOnlyList<BoundNode> values = Coercion.ToCommon(arguments, name);
        DataType type = values[0].Type;
        if (SqlTypes.IsNested(type))
        {
            throw ExpressionErrors.Unsupported($"{name} of {SqlTypes.Name(type)}");
        }

        return new BoundCall(type, values, (vectors, scope) =>
        {
            RowRef[] best = new RowRef[scope.Rows];
            System.Array.Fill(best, RowRef.Null);
            IArrowArray[] sources = [.. vectors.Select(static vector => vector.Array)];
            SqlVector chosen = vectors[0];
            for (int i = 0; i < vectors.Length; i++)
            {
                SqlVector next = vectors[i];
                SqlVector wins = new(ComparisonKernel.Compare(better, type, type, next, chosen, scope.Rows), IsConstant: false);
                for (int row = 0; row < best.Length; row++)
                {
                    if (!next.IsNull(row) && (best[row] == RowRef.Null || wins.IsTrue(row)))
                    {
                        best[row] = new RowRef(i, row & next.Mask);
                    }
                }

                chosen = new SqlVector(InterleaveKernel.Interleave(SqlTypes.Arrow(type), sources, best), IsConstant: false);
            }

            return chosen.Array;
        });
    }
}
