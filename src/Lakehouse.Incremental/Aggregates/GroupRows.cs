using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>Builds rows of the published table, and records of the state, from groups.</summary>
internal static class GroupRows
{
    private static readonly BigInteger MaxDecimal = BigInteger.Pow(10, 38);

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.Overflow"/>: a sum does not fit its published type.</exception>
    public static RecordBatch Publish(AggregateLayout layout, IReadOnlyList<Group> groups, IReadOnlyList<RecordBatch> samples)
    {
        List<IArrowArray> columns = [.. GroupColumns(layout, groups, samples)];
        for (int m = 0; m < layout.Flow.Measures.Count; m++)
        {
            columns.Add(layout.Flow.Measures[m].Kind switch
            {
                MeasureKind.Count => Longs(groups.Select(g => (long?)g.Rows)),
                MeasureKind.Sum => Sums(layout, groups, m),
                _ => Extremes(layout, groups, m),
            });
        }

        return new RecordBatch(layout.Published, columns, groups.Count);
    }

    public static RecordBatch State(AggregateLayout layout, IReadOnlyList<Group> groups, IReadOnlyList<RecordBatch> samples)
    {
        List<IArrowArray> columns = [.. GroupColumns(layout, groups, samples), Longs(groups.Select(g => (long?)g.Rows))];
        for (int m = 0; m < layout.Flow.Measures.Count; m++)
        {
            int measure = m;
            if (layout.Flow.Measures[m].Kind == MeasureKind.Count)
            {
                continue;
            }

            columns.Add(Longs(groups.Select(g => (long?)g.Measures[measure]!.Values)));
            if (layout.Flow.Measures[m].Kind == MeasureKind.Sum)
            {
                BinaryArray.Builder sums = new();
                foreach (Group group in groups)
                {
                    sums.Append(((SumAccumulator)group.Measures[m]!).Serialize().AsSpan());
                }

                columns.Add(ManagedCopy.Copy(sums.Build()));
            }
            else
            {
                columns.Add(Extremes(layout, groups, m));
                columns.Add(Longs(groups.Select(g => (long?)((ExtremeAccumulator)g.Measures[measure]!).Copies)));
            }
        }

        return new RecordBatch(layout.State.Schema, columns, groups.Count);
    }

    /// <summary>Only the group columns: the keys of state records.</summary>
    public static RecordBatch Keys(AggregateLayout layout, IReadOnlyList<Group> groups, IReadOnlyList<RecordBatch> samples) =>
        new(new Schema([.. layout.Groups], null), GroupColumns(layout, groups, samples), groups.Count);

    private static IEnumerable<IArrowArray> GroupColumns(AggregateLayout layout, IReadOnlyList<Group> groups, IReadOnlyList<RecordBatch> samples)
    {
        RowRef[] rows = [.. groups.Select(g => g.Sample)];
        return layout.Groups.Select((field, i) =>
            CanonicalFloats.Apply(InterleaveKernel.Interleave(field.DataType, [.. samples.Select(s => s.Column(i))], rows)));
    }

    private static IArrowArray Sums(AggregateLayout layout, IReadOnlyList<Group> groups, int measure)
    {
        SumAccumulator[] sums = [.. groups.Select(g => (SumAccumulator)g.Measures[measure]!)];
        return layout.Published.GetFieldByName(layout.Flow.Measures[measure].Into).DataType switch
        {
            DoubleType type => Fixed<double>(type, sums, s => s.Floating.ToDouble()),
            FloatType type => Fixed<float>(type, sums, s => s.Floating.ToSingle()),
            Decimal128Type type => Fixed<Int128>(type, sums, s => (Int128)Fit(layout, measure, s.Integer, 1 - MaxDecimal, MaxDecimal - 1)),
            var type => Fixed<long>(type, sums, s => (long)Fit(layout, measure, s.Integer, long.MinValue, long.MaxValue)),
        };
    }

    /// <summary>An array of published sums; null where there was nothing to sum.</summary>
    private static IArrowArray Fixed<T>(IArrowType type, SumAccumulator[] sums, Func<SumAccumulator, T> publish)
        where T : unmanaged
    {
        T[] values = new T[sums.Length];
        byte[] validity = new byte[(sums.Length + 7) / 8];
        for (int i = 0; i < sums.Length; i++)
        {
            BitUtility.SetBit(validity, i, sums[i].Values > 0);
            values[i] = sums[i].Values > 0 ? publish(sums[i]) : default;
        }

        ArrowBuffer buffer = new(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        return ArrowArrayFactory.BuildArray(
            new ArrayData(type, sums.Length, sums.Count(s => s.Values <= 0), 0, [new ArrowBuffer(validity), buffer], []));
    }

    private static BigInteger Fit(AggregateLayout layout, int measure, BigInteger value, BigInteger min, BigInteger max)
    {
        if (value >= min && value <= max)
        {
            return value;
        }

        string name = layout.Flow.Measures[measure].Into;
        throw new LakehouseException(
            ErrorCodes.Overflow, FormattableString.Invariant($"Flow '{layout.Flow.Name}': the sum '{name}' is {value}, which does not fit its type."))
        {
            Flow = layout.Flow.Name,
        };
    }

    private static IArrowArray Extremes(AggregateLayout layout, IReadOnlyList<Group> groups, int measure)
    {
        Dictionary<IArrowArray, int> positions = [];
        List<IArrowArray> sources = [];
        RowRef[] rows = new RowRef[groups.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = RowRef.Null;
            if (((ExtremeAccumulator)groups[i].Measures[measure]!).Best is { } best)
            {
                if (!positions.TryGetValue(best.Source, out int position))
                {
                    positions.Add(best.Source, position = sources.Count);
                    sources.Add(best.Source);
                }

                rows[i] = new RowRef(position, best.Row);
            }
        }

        return CanonicalFloats.Apply(InterleaveKernel.Interleave(layout.MeasureFields[measure]!.DataType, sources, rows));
    }

    private static IArrowArray Longs(IEnumerable<long?> values)
    {
        Int64Array.Builder builder = new();
        foreach (long? value in values)
        {
            builder.Append(value);
        }

        return ManagedCopy.Copy(builder.Build());
    }
}
