using Apache.Arrow;

namespace Lakehouse.Incremental.Delta.Reading;

/// <summary>The columns a reader wants, and the ones that must be read besides to evaluate its filter.</summary>
internal sealed class Projection
{
    private Projection(Schema result, Schema read)
    {
        Result = result;
        Read = read;
    }

    /// <summary>What the reader gets.</summary>
    public Schema Result { get; }

    /// <summary>What is read from the files: the columns of <see cref="Result"/> first, in the same order.</summary>
    public Schema Read { get; }

    /// <exception cref="LakehouseException">A column is unknown or named twice (<see cref="ErrorCodes.SchemaMismatch"/>).</exception>
    public static Projection Of(Schema table, IReadOnlyList<string>? columns, IEnumerable<string> filterColumns, string name)
    {
        List<Field> result = columns is null ? [.. table.FieldsList] : [.. columns.Select(column => Find(table, column, name))];
        if (result.DistinctBy(static field => field.Name, StringComparer.Ordinal).Count() != result.Count)
        {
            throw new LakehouseException(ErrorCodes.SchemaMismatch, $"A column of '{name}' is asked for twice: {string.Join(", ", columns!)}.")
            {
                Table = name,
            };
        }

        List<Field> read = [.. result];
        foreach (string column in filterColumns)
        {
            if (!read.Exists(field => string.Equals(field.Name, column, StringComparison.Ordinal)))
            {
                read.Add(Find(table, column, name));
            }
        }

        Schema wanted = new(result, null);
        return new Projection(wanted, read.Count == result.Count ? wanted : new Schema(read, null));
    }

    /// <summary>The columns of <see cref="Result"/> of a batch that was read.</summary>
    public RecordBatch Apply(RecordBatch batch) => ReferenceEquals(Read, Result)
        ? batch
        : new RecordBatch(Result, Enumerable.Range(0, Result.FieldsList.Count).Select(batch.Column), batch.Length);

    private static Field Find(Schema table, string column, string name) =>
        table.FieldsList.FirstOrDefault(field => string.Equals(field.Name, column, StringComparison.Ordinal))
        ?? throw new LakehouseException(
            ErrorCodes.SchemaMismatch,
            $"'{name}' has no column '{column}'; it has {string.Join(", ", table.FieldsList.Select(static field => field.Name))}.")
        {
            Table = name,
        };
}
