using System.Buffers;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>
/// Statistics and partition values that a checkpoint holds only as columns of their own types. They are looked at after the rest, and only where
/// that left something open, because they may be many.
/// </summary>
internal static class ParsedColumns
{
    private const string Statistics = "stats_parsed";
    private const string Partitions = "partitionValues_parsed";

    /// <summary>Completes files that have no statistics, or no partition values, by a row of the checkpoint file each.</summary>
    public static async Task CompleteAsync(
        ITableStorage storage, string path, IReadOnlyList<IncompleteFile> files, List<DeltaAction> actions, CancellationToken cancellationToken)
    {
        if (Wanted(await ParquetFiles.ReadSchemaAsync(storage, path, cancellationToken).ConfigureAwait(false)) is not { } wanted)
        {
            return;
        }

        int next = 0;
        await foreach (FileBatch part in ParquetFiles.ReadAsync(storage, path, wanted, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            ArrayData add = part.Batch.Column(0).Data;
            for (; next < files.Count && files[next].Row < part.FirstRow + part.Batch.Length; next++)
            {
                IncompleteFile file = files[next];
                actions[file.Action] = Complete((AddFile)actions[file.Action], file, add, (int)(file.Row - part.FirstRow));
            }
        }
    }

    private static Schema? Wanted(Schema file)
    {
        if (file.FieldsList.FirstOrDefault(static f => f.Name == "add")?.DataType is not StructType add)
        {
            return null;
        }

        Field[] fields =
        [
            .. add.Fields
                .Where(static f => f is { Name: Statistics or Partitions, DataType: StructType } && StructJson.Supported(f.DataType) is not null)
                .Select(static f => new Field(f.Name, StructJson.Supported(f.DataType)!, nullable: true)),
        ];
        return fields.Length == 0 ? null : new Schema([new Field("add", new StructType(fields), nullable: true)], null);
    }

    private static AddFile Complete(AddFile file, IncompleteFile what, ArrayData add, int row)
    {
        StructType type = (StructType)add.DataType;
        for (int i = 0; i < type.Fields.Count; i++)
        {
            ArrayData column = add.Children[i];
            if (GatherKernel.IsNull(column, add.Offset + row))
            {
                continue;
            }

            if (string.Equals(type.Fields[i].Name, Partitions, StringComparison.Ordinal))
            {
                file = what.LacksPartitionValues ? file with { PartitionValues = Values(column, add.Offset + row) } : file;
            }
            else
            {
                file = file with { Stats = file.Stats ?? Text(column, add.Offset + row) };
            }
        }

        return file;
    }

    private static string Text(ArrayData column, int row)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            StructJson.WriteObject(writer, column, row);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static Dictionary<string, string?> Values(ArrayData column, int row)
    {
        IReadOnlyList<Field> fields = ((StructType)column.DataType).Fields;
        return Enumerable.Range(0, fields.Count).ToDictionary(
            i => fields[i].Name,
            i => PartitionValues.Serialize(ArrowArrayFactory.BuildArray(column.Children[i]), column.Offset + row),
            StringComparer.Ordinal);
    }
}
