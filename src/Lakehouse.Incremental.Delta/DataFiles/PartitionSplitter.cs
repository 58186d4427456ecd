using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Splits rows by their partition values; partitions come in the order of their directories.</summary>
internal static class PartitionSplitter
{
    public static IEnumerable<PartitionRows> Split(Snapshot snapshot, IReadOnlyList<RecordBatch> batches)
    {
        if (batches.Count == 0)
        {
            return [];
        }

        RecordBatch rows = batches.Count == 1 ? batches[0] : ConcatKernel.Concat(batches[0].Schema, batches);
        if (snapshot.PartitionColumns.Count == 0)
        {
            return [new PartitionRows(new Dictionary<string, string?>(), "", rows)];
        }

        return SplitByValue(snapshot, rows);
    }

    private static EncodedRows Encode(IArrowArray[] keys, int rows)
    {
        Schema schema = new([.. keys.Select(static (key, i) => new Field($"{i}", key.Data.DataType, true))], null);
        RowEncoder encoder = new([.. keys.Select(static key => key.Data.DataType)]);
        return encoder.Encode(new RecordBatch(schema, keys, rows), [.. Enumerable.Range(0, keys.Length)]);
    }

    // The two zeros are equal, but a partition holds one value for all its rows, and the sign must not be lost.
    private static IArrowArray Exact(IArrowArray key) => key.Data.DataType switch
    {
        FloatType => Retyped(key.Data, Int32Type.Default),
        DoubleType => Retyped(key.Data, Int64Type.Default),
        _ => key,
    };

    private static IArrowArray Retyped(ArrayData data, IArrowType type) =>
        ArrowArrayFactory.BuildArray(new ArrayData(type, data.Length, data.NullCount, data.Offset, data.Buffers));

    private static List<PartitionRows> SplitByValue(Snapshot snapshot, RecordBatch rows)
    {
        IReadOnlyList<string> partitionColumns = snapshot.PartitionColumns;
        int[] columns = [.. partitionColumns.Select(name => rows.Schema.PositionOf(name))];
        int[] others = [.. Enumerable.Range(0, rows.ColumnCount).Except(columns)];
        Schema physical = new([.. others.Select(rows.Schema.GetFieldByIndex)], null);
        EncodedRows values = Encode([.. columns.Select(c => Exact(rows.Column(c)))], rows.Length);
        Dictionary<byte[], List<int>> groups = new(ByteComparer.Instance);
        Dictionary<byte[], List<int>>.AlternateLookup<ReadOnlySpan<byte>> lookup = groups.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int row = 0; row < rows.Length; row++)
        {
            if (!lookup.TryGetValue(values[row], out List<int>? members))
            {
                groups.Add(values[row].ToArray(), members = []);
            }

            members.Add(row);
        }

        List<PartitionRows> partitions = [];
        RecordBatch narrow = new(physical, others.Select(rows.Column), rows.Length);
        foreach (List<int> members in groups.Values)
        {
            Dictionary<string, string?> serialized = [];
            for (int i = 0; i < columns.Length; i++)
            {
                string? value = Serialize(rows.Column(columns[i]), members, partitionColumns[i]);
                if (value is null && !snapshot.Schema.GetFieldByIndex(snapshot.Schema.PositionOf(partitionColumns[i])).IsNullable)
                {
                    throw new InvalidRowsException(
                        ErrorCodes.NotNullViolation,
                        $"{members.Count} rows have a null or empty text in partition column {partitionColumns[i]}, which is NOT NULL.")
                    {
                        Count = members.Count,
                    };
                }

                serialized[snapshot.Mapping.PhysicalName(partitionColumns[i])] = value;
            }

            string directory = PartitionValues.Directory(partitionColumns.Select(snapshot.Mapping.PhysicalName).Select(c => KeyValuePair.Create(c, serialized[c])));
            partitions.Add(new PartitionRows(serialized, directory, TakeKernel.Take(narrow, [.. members])));
        }

        partitions.Sort((a, b) => string.CompareOrdinal(a.Directory, b.Directory));
        return partitions;
    }

    private static string? Serialize(IArrowArray column, List<int> members, string name)
    {
        try
        {
            return PartitionValues.Serialize(column, members[0]);
        }
        catch (DecoderFallbackException error)
        {
            string bytes = CellText.Format(column, members[0]);
            throw new InvalidRowsException(
                ErrorCodes.LossyCast, $"{members.Count} rows have bytes in partition column {name} that are not UTF-8 text, which the log cannot hold: {bytes}.", error)
            {
                Count = members.Count,
                SampleKeys = [bytes],
            };
        }
    }
}
