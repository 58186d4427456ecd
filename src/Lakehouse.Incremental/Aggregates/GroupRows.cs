using System.Numerics;
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
        IArrowType type = layout.Published.GetFieldByName(layout.Flow.Measures[measure].Into).DataType;
        SumAccumulator[] sums = [.. groups.Select(g => (SumAccumulator)g.Measures[measure]!)];
        if (type is DoubleType)
        {
            DoubleArray.Builder doubles = new();
            foreach (SumAccumulator sum in sums)
            {
                _ = sum.Values == 0 ? doubles.AppendNull() : doubles.Append(sum.Floating.ToDouble());
            }

            return ManagedCopy.Copy(doubles.Build());
        }

        if (type is not Decimal128Type)
        {
            return Longs(sums.Select(s => s.Values == 0 ? null : (long?)Fit(layout, measure, s.Integer.Value, long.MinValue, long.MaxValue)));
        }

        byte[] values = new byte[sums.Length * 16];
        byte[] validity = new byte[(sums.Length + 7) / 8];
        for (int i = 0; i < sums.Length; i++)
        {
            BitUtility.SetBit(validity, i, sums[i].Values > 0);
            BitConverter.TryWriteBytes(values.AsSpan(i * 16), (Int128)Fit(layout, measure, sums[i].Values == 0 ? 0 : sums[i].Integer.Value, 1 - MaxDecimal, MaxDecimal - 1));
        }

        return ArrowArrayFactory.BuildArray(
            new ArrayData(type, sums.Length, sums.Count(s => s.Values == 0), 0, [new ArrowBuffer(validity), new ArrowBuffer(values)], []));
    }

    private static BigInteger Fit(AggregateLayout layout, int measure, BigInteger value, BigInteger min, BigInteger max) => value >= min && value <= max
        ? value
        : throw new LakehouseException(ErrorCodes.Overflow, $"Flow '{layout.Flow.Name}': the sum {layout.Flow.Measures[measure].Into} is {value}, which does not fit its type.")
        {
            Flow = layout.Flow.Name,
        };

    private static IArrowArray Extremes(AggregateLayout layout, IReadOnlyList<Group> groups, int measure)
    {
        Dictionary<IArrowArray, int> positions = [];
        List<IArrowArray> sources = [];
        RowRef[] rows = new RowRef[groups.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = RowRef.Null;
            if (((ExtremeAccumulator)groups[i].Measures[measure]!).Source is { } source)
            {
                if (!positions.TryGetValue(source.Array, out int position))
                {
                    positions.Add(source.Array, position = sources.Count);
                    sources.Add(source.Array);
                }

                rows[i] = new RowRef(position, source.Row);
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
