using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>Functions by name and number of arguments.</summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<(string Name, int Arguments), FunctionBinder> _functions = [];
    private readonly Dictionary<string, FunctionBinder> _variadic = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public bool Knows(string name) => _names.Contains(name);

    public FunctionBinder? Find(string name, int arguments) =>
        _functions.GetValueOrDefault((name, arguments)) ?? (arguments > 0 ? _variadic.GetValueOrDefault(name) : null);

    public void Add(string name, int arguments, FunctionBinder binder)
    {
        _functions.Add((name, arguments), binder);
        _names.Add(name);
    }

    /// <summary>A function of one or more arguments.</summary>
    public void AddVariadic(string name, FunctionBinder binder)
    {
        _variadic.Add(name, binder);
        _names.Add(name);
    }

    public void Alias(string alias, string name)
    {
        foreach (((string Name, int Arguments) key, FunctionBinder binder) in _functions.Where(entry => entry.Key.Name == name).ToList())
        {
            Add(alias, key.Arguments, binder);
        }

        if (_variadic.TryGetValue(name, out FunctionBinder? variadic))
        {
            AddVariadic(alias, variadic);
        }
    }

    /// <summary>A function that is null where an argument is. The CLR types are those of the SQL types.</summary>
    public void Add<TA, TR>(string name, DataType a, DataType result, Func<TA, Maybe<TR>> function) => Add(name, 1, arguments =>
    {
        BoundNode[] values = [Coercion.Implicit(arguments[0], a, name)];
        return new BoundCall(result, values, (v, scope) => RowsKernel.Map(SqlTypes.Arrow(result), v[0], scope, function));
    });

    /// <inheritdoc cref="Add{TA, TR}"/>
    public void Add<TA, TB, TR>(string name, DataType a, DataType b, DataType result, Func<TA, TB, Maybe<TR>> function) => Add(name, 2, arguments =>
    {
        BoundNode[] values = [Coercion.Implicit(arguments[0], a, name), Coercion.Implicit(arguments[1], b, name)];
        return new BoundCall(result, values, (v, scope) => RowsKernel.Map(SqlTypes.Arrow(result), v[0], v[1], scope, function));
    });

    /// <inheritdoc cref="Add{TA, TR}"/>
    public void Add<TA, TB, TC, TR>(
        string name, DataType a, DataType b, DataType c, DataType result, Func<TA, TB, TC, Maybe<TR>> function) => Add(name, 3, arguments =>
    {
        BoundNode[] values =
        [
            Coercion.Implicit(arguments[0], a, name), Coercion.Implicit(arguments[1], b, name), Coercion.Implicit(arguments[2], c, name),
        ];
        return new BoundCall(result, values, (v, scope) => RowsKernel.Map(SqlTypes.Arrow(result), v[0], v[1], v[2], scope, function));
    });
}
