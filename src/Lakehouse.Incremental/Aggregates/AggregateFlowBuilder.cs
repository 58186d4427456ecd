using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>Collects the columns of an aggregate. Everything is checked in <see cref="Build"/>.</summary>
public sealed class AggregateFlowBuilder
{
    private readonly string _name;
    private readonly List<Measure> _measures = [];
    private string[] _groupBy = [];

    internal AggregateFlowBuilder(string name) => _name = name;

    /// <summary>
    /// The columns that make a group; null is a value like any other, and all NaNs are one. Default: none, which aggregates the whole table into one
    /// row.
    /// </summary>
    public AggregateFlowBuilder GroupBy(params string[] columns)
    {
        _groupBy = [.. columns];
        return this;
    }

    /// <summary>The number of rows of the group.</summary>
    public AggregateFlowBuilder Count(string into) => With(new Measure(MeasureKind.Count, null, into));

    /// <summary>
    /// The sum of a column's values that are not null; null when there are none. Sums are exact, whatever the order: integers are published as long,
    /// decimals as decimal(38, scale), and neither may overflow; floats and doubles as the float or double nearest to the exact sum.
    /// </summary>
    public AggregateFlowBuilder Sum(string column, string? into = null) => With(new Measure(MeasureKind.Sum, column, into ?? "sum_" + column));

    /// <summary>The least value of a column, NaN above all; null when there is none.</summary>
    public AggregateFlowBuilder Min(string column, string? into = null) => With(new Measure(MeasureKind.Min, column, into ?? "min_" + column));

    /// <summary>The greatest value of a column, NaN above all; null when there is none.</summary>
    public AggregateFlowBuilder Max(string column, string? into = null) => With(new Measure(MeasureKind.Max, column, into ?? "max_" + column));

    /// <summary>Checks the columns and makes the flow.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: the message says what is wrong.</exception>
    public AggregateFlow Build()
    {
        string? problem = string.IsNullOrWhiteSpace(_name) ? "a flow needs a name"
            : _measures.Count == 0 ? "an aggregate needs at least one of Count, Sum, Min, Max"
            : Names().Any(string.IsNullOrEmpty) ? "a column has no name"
            : Array.Find(_groupBy, AggregateLayout.IsReserved) is { } reserved ? $"column {reserved} is reserved for the flow's own state"
            : Names().GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice
                ? $"column {twice.Key} is published twice" : null;
        return problem is null
            ? new AggregateFlow(new AggregateConfiguration(_name, _groupBy, [.. _measures]))
            : throw new LakehouseException(ErrorCodes.InvalidConfiguration, $"Flow '{_name}': {problem}.") { Flow = _name };
    }

    private IEnumerable<string> Names() => _groupBy.Concat(_measures.Select(m => m.Into));

    private AggregateFlowBuilder With(Measure measure)
    {
        _measures.Add(measure);
        return this;
    }
}
