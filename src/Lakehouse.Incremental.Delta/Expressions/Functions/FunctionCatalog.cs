using Lakehouse.Incremental.Delta.Expressions.Binding;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>All functions there are. Each gives the same result for the same arguments.</summary>
internal static class FunctionCatalog
{
    private static readonly FunctionTable Functions = Build();

    /// <exception cref="UnsupportedFeatureException">There is no function of that name here.</exception>
    /// <exception cref="LakehouseException">It does not take these arguments.</exception>
    public static BoundNode Bind(string name, IReadOnlyList<BoundNode> arguments)
    {
        if (Functions.Find(name, arguments.Count) is { } binder)
        {
            return binder(arguments);
        }

        throw Functions.Knows(name)
            ? ExpressionErrors.Invalid(FormattableString.Invariant($"{name} does not take {arguments.Count} arguments"))
            : ExpressionErrors.Unsupported($"the function '{name}'");
    }

    private static FunctionTable Build()
    {
        FunctionTable table = new();
        ConditionalFunctions.AddTo(table);
        TextFunctions.AddTo(table);
        PatternFunctions.AddTo(table);
        BytesFunctions.AddTo(table);
        DateFunctions.AddTo(table);
        MathFunctions.AddTo(table);
        RoundingFunctions.AddTo(table);
        return table;
    }
}
