using Lakehouse.Incremental.Delta.Expressions.Functions;
using Lakehouse.Incremental.Delta.Expressions.Syntax;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>Resolves the names of an expression against columns, and finds its types and functions.</summary>
/// <param name="schema">The columns of the batches it will be evaluated on, in their order.</param>
/// <param name="now">The time, where an expression may ask for it; null where it may not.</param>
internal sealed class ExpressionBinder(StructType schema, DateTimeOffset? now)
{
    private readonly SortedSet<int> _columns = [];

    /// <summary>Positions of the columns that were named.</summary>
    public IReadOnlyCollection<int> Columns => _columns;

    public BoundNode Bind(SqlNode node) => node switch
    {
        LiteralNode literal => new BoundLiteral(literal.Value, literal.Type),
        NameNode name => Column(name.Name),
        FieldNode field => Field(Bind(field.Operand), field.Name),
        JunctionNode junction => new BoundJunction(
            junction.IsAnd, [.. junction.Terms.Select(term => OperatorBinder.Condition(Bind(term), junction.IsAnd ? "AND" : "OR"))]),
        InNode list => In(list),
        CaseNode choice => Case(choice),
        CastNode cast => Coercion.Cast(Bind(cast.Operand), cast.Type, cast.IsTry),
        IntervalNode => throw ExpressionErrors.Unsupported("an interval that is not added to a date or timestamp"),
        CallNode call => Call(call),
        _ => throw new ArgumentException("unknown node", nameof(node)),
    };

    private BoundColumn Column(string name)
    {
        int position = schema.Find(name);
        if (position < 0)
        {
            throw ExpressionErrors.Invalid($"there is no column '{name}'");
        }

        _columns.Add(position);
        return new BoundColumn(position, schema.Fields[position].Type);
    }

    private static BoundField Field(BoundNode operand, string name)
    {
        if (operand.Type is not StructType structure)
        {
            throw operand.Type is ArrayType or MapType
                ? ExpressionErrors.Unsupported($"the access '.{name}' to {SqlTypes.Name(operand.Type)}")
                : ExpressionErrors.Invalid($"{SqlTypes.Name(operand.Type)} has no field '{name}'");
        }

        int position = structure.Find(name);
        return position >= 0
            ? new BoundField(operand, position, structure.Fields[position].Type)
            : throw ExpressionErrors.Invalid($"the struct has no field '{name}'");
    }

    private BoundIn In(InNode list)
    {
        BoundNode operand = Bind(list.Operand);
        BoundNode[] items = [.. list.Items.Select(Bind)];
        DataType type = operand.Type;
        foreach (BoundNode item in items)
        {
            // Spark finds one type for all, so texts among numbers make texts of them.
            type = SqlTypes.Common(type, item.Type) is { } common && !SqlTypes.IsNested(common) ? common
                : throw ExpressionErrors.Invalid($"IN has values of {SqlTypes.Name(type)} and of {SqlTypes.Name(item.Type)}");
        }

        return new BoundIn(Coercion.Cast(operand, type), [.. items.Select(item => Coercion.Cast(item, type))]);
    }

    private BoundCase Case(CaseNode choice)
    {
        BoundNode[] conditions = [.. choice.Conditions.Select(condition => OperatorBinder.Condition(Bind(condition), "WHEN"))];
        IEnumerable<SqlNode> results = choice.Otherwise is null ? choice.Results : choice.Results.Append(choice.Otherwise);
        IReadOnlyList<BoundNode> values = Coercion.ToCommon([.. results.Select(Bind)], "CASE");
        return new BoundCase(
            values[0].Type, conditions, [.. values.Take(conditions.Length)], choice.Otherwise is null ? null : values[^1]);
    }

    private BoundNode Call(CallNode call)
    {
        IReadOnlyList<SqlNode> arguments = call.Arguments;
        if (call.Name is "+" or "-" && arguments.Count == 2)
        {
            if (arguments[1] is IntervalNode interval)
            {
                return DateOperators.Add(Bind(arguments[0]), interval, call.Name == "+" ? 1 : -1);
            }

            if (arguments[0] is IntervalNode first && call.Name == "+")
            {
                return DateOperators.Add(Bind(arguments[1]), first, 1);
            }
        }

        if (Clock(call) is { } moment)
        {
            return moment;
        }

        BoundNode[] bound = [.. arguments.Select(Bind)];
        return Operator(call.Name, bound) ?? FunctionCatalog.Bind(call.Name, bound);
    }

    private static BoundNode? Operator(string name, BoundNode[] arguments)
    {
        if (OperatorBinder.ComparisonOf(name) is { } comparison)
        {
            return OperatorBinder.Compare(comparison, arguments[0], arguments[1]);
        }

        return (name, arguments.Length) switch
        {
            ("<=>", 2) => OperatorBinder.NullSafeEqual(arguments[0], arguments[1]),
            ("+" or "-" or "*" or "/" or "%" or "div", 2) => OperatorBinder.Arithmetic(name, arguments[0], arguments[1]),
            ("||", 2) => FunctionCatalog.Bind("concat", arguments),
            ("not", 1) => OperatorBinder.Not(arguments[0]),
            ("negative", 1) => OperatorBinder.Negate(arguments[0]),
            ("positive", 1) => OperatorBinder.Number("+", arguments[0]),
            ("isnull", 1) => OperatorBinder.Is(arguments[0], static (values, row) => values.IsNull(row)),
            ("isnotnull", 1) => OperatorBinder.Is(arguments[0], static (values, row) => !values.IsNull(row)),
            ("is true", 1) => OperatorBinder.Is(
                OperatorBinder.Condition(arguments[0], "IS TRUE"), static (values, row) => values.IsTrue(row)),
            ("is false", 1) => OperatorBinder.Is(
                OperatorBinder.Condition(arguments[0], "IS FALSE"), static (values, row) => !values.IsNull(row) && !values.Bit(row)),
            ("is unknown", 1) => OperatorBinder.Is(
                OperatorBinder.Condition(arguments[0], "IS UNKNOWN"), static (values, row) => values.IsNull(row)),
            ("[]", 2) => Element(arguments[0], arguments[1]),
            _ => null,
        };
    }

    private static BoundElement Element(BoundNode container, BoundNode key) => container.Type switch
    {
        MapType map when !SqlTypes.IsNested(map.KeyType) => new BoundElement(container, Coercion.Implicit(key, map.KeyType, "[]"), map.ValueType),
        ArrayType array when SqlTypes.IsIntegral(key.Type) => new BoundElement(
            container, Coercion.Cast(key, PrimitiveType.Integer), array.ElementType),
        _ => throw ExpressionErrors.Invalid($"{SqlTypes.Name(container.Type)} has no element of {SqlTypes.Name(key.Type)}"),
    };

    // What gives another result each time has no place in a rule that is checked again and again.
    private BoundLiteral? Clock(CallNode call)
    {
        if (call.Name is not ("now" or "current_timestamp" or "current_date" or "curdate" or "localtimestamp") || call.Arguments.Count > 0)
        {
            return null;
        }

        if (now is not { } moment)
        {
            throw ExpressionErrors.Unsupported($"the current time ({call.Name}) outside of default values, because it is not deterministic,");
        }

        long micros = (moment.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return call.Name switch
        {
            "current_date" or "curdate" => new BoundLiteral((int)DateMath.Split(micros).Days, PrimitiveType.Date),
            "localtimestamp" => new BoundLiteral(micros, PrimitiveType.TimestampNtz),
            _ => new BoundLiteral(micros, PrimitiveType.Timestamp),
        };
    }
}
