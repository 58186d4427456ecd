using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The columns of an aggregate: what is read, what is published, what is remembered.</summary>
internal sealed class AggregateLayout
{
    public const string Rows = "__rows";

    private const int MaxDecimalPrecision = 38;

    /// <exception cref="LakehouseException">The input lacks a column, or its type cannot be grouped, summed or compared.</exception>
    public AggregateLayout(AggregateConfiguration flow, Schema input)
    {
        Flow = flow;
        Groups = [.. flow.GroupBy.Select(c => Column(input, c, "group by", RowEncoder.IsOrderable))];
        MeasureFields = [.. flow.Measures.Select(m => MeasureField(input, m))];
        string[] read = [.. flow.GroupBy.Concat(flow.Measures.Select(m => m.Column).OfType<string>()).Distinct(StringComparer.Ordinal)];
        Input = new Schema([.. read.Select(input.GetFieldByName)], null);
        Published = new Schema(
            [.. Groups, .. flow.Measures.Select((m, i) => new Field(m.Into, ResultType(m, MeasureFields[i]), nullable: true))], null);
        Schema record = new([.. Groups, new Field(Rows, Int64Type.Default, true), .. flow.Measures.SelectMany(StateFields)], null);
        State = new StateSetDefinition("groups", record, Groups.Count, Groups.Count);
    }

    public AggregateConfiguration Flow { get; }

    public IReadOnlyList<Field> Groups { get; }

    /// <summary>The input column of each measure; null for a count.</summary>
    public IReadOnlyList<Field?> MeasureFields { get; }

    /// <summary>The columns that are read, group columns first.</summary>
    public Schema Input { get; }

    /// <summary>The columns of the published table.</summary>
    public Schema Published { get; }

    /// <summary>A record a group: its columns, its number of rows, and for each measure what its accumulator holds.</summary>
    public StateSetDefinition State { get; }

    public int[] GroupPositions => [.. Enumerable.Range(0, Groups.Count)];

    public static string ValuesOf(int measure) => Named(measure, "values");

    public static string SumOf(int measure) => Named(measure, "sum");

    public static string ExtremeOf(int measure) => Named(measure, "extreme");

    public static string CopiesOf(int measure) => Named(measure, "copies");

    /// <summary>Whether a group column would collide with the columns of the state.</summary>
    public static bool IsReserved(string column) =>
        string.Equals(column, Rows, StringComparison.OrdinalIgnoreCase) || column.StartsWith("__m", StringComparison.OrdinalIgnoreCase);

    public bool IsFloating(int measure) => MeasureFields[measure]!.DataType is FloatType or DoubleType;

    /// <summary>Empty accumulators of a group; null for counts.</summary>
    /// <param name="retractable">False when rows are only added.</param>
    public IMeasureAccumulator?[] NewAccumulators(bool retractable)
    {
        IMeasureAccumulator?[] accumulators = new IMeasureAccumulator?[Flow.Measures.Count];
        for (int m = 0; m < accumulators.Length; m++)
        {
            accumulators[m] = Flow.Measures[m].Kind switch
            {
                MeasureKind.Count => null,
                MeasureKind.Sum => new SumAccumulator(IsFloating(m)),
                MeasureKind kind when retractable => new ExtremeAccumulator(kind == MeasureKind.Max),
                MeasureKind kind => new ExtremeAccumulator(kind == MeasureKind.Max, maxKnown: 1),
            };
        }

        return accumulators;
    }

    /// <summary>Columns of a batch of the input, opened for reading; null for counts.</summary>
    public MeasureInput?[] Open(RecordBatch batch) => [.. Flow.Measures.Select(m =>
        m.Column is null ? null : new MeasureInput(batch, batch.Schema.PositionOf(m.Column), m.Kind != MeasureKind.Sum))];

    private Field? MeasureField(Schema input, Measure measure) => measure.Column is null
        ? null
        : Column(input, measure.Column, measure.Kind.ToString(), measure.Kind == MeasureKind.Sum ? IsSummable : RowEncoder.IsOrderable);

    private Field Column(Schema input, string name, string role, Func<IArrowType, bool> fits)
    {
        string? problem = input.PositionOf(name) < 0 ? $"the input has no column {name}"
            : fits(input.GetFieldByName(name).DataType) ? null
            : $"column {name} of type {TypeText.Of(input.GetFieldByName(name).DataType)} does not fit {role}";
        return problem is null
            ? new Field(name, input.GetFieldByName(name).DataType, nullable: true)
            : throw new LakehouseException(ErrorCodes.SchemaMismatch, $"Flow '{Flow.Name}': {problem}.") { Flow = Flow.Name };
    }

    private IEnumerable<Field> StateFields(Measure measure, int index)
    {
        switch (measure.Kind)
        {
            case MeasureKind.Count:
                return [];
            case MeasureKind.Sum:
                return [new Field(ValuesOf(index), Int64Type.Default, true), new Field(SumOf(index), BinaryType.Default, true)];
            default:
                return
                [
                    new Field(ValuesOf(index), Int64Type.Default, true),
                    new Field(ExtremeOf(index), MeasureFields[index]!.DataType, true),
                    new Field(CopiesOf(index), Int64Type.Default, true),
                ];
        }
    }

    private static IArrowType ResultType(Measure measure, Field? column) => measure.Kind switch
    {
        MeasureKind.Count => Int64Type.Default,
        MeasureKind.Sum => column!.DataType switch
        {
            FloatType or DoubleType => column.DataType,
            Decimal128Type d => new Decimal128Type(MaxDecimalPrecision, d.Scale),
            _ => Int64Type.Default,
        },
        _ => column!.DataType,
    };

    private static bool IsSummable(IArrowType type) =>
        type is Int8Type or Int16Type or Int32Type or Int64Type or FloatType or DoubleType or Decimal128Type;

    private static string Named(int measure, string part) => string.Create(CultureInfo.InvariantCulture, $"__m{measure}_{part}");
}
