using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>A kind of table whose rows are made from their names.</summary>
internal abstract class Dataset
{
    /// <summary>The column of a change that says what it does.</summary>
    public const string Operation = "op";

    public abstract string Name { get; }

    public abstract IReadOnlyList<string> Keys { get; }

    /// <summary>The column with the place of a row's last change.</summary>
    public abstract string Sequence { get; }

    public abstract Schema Schema { get; }

    public IReadOnlyList<string> Columns => [.. Schema.FieldsList.Select(static f => f.Name)];

    /// <summary>The columns of a change: the table's, and what it does.</summary>
    public Schema Changes => new([.. Schema.FieldsList, new Field(Operation, StringType.Default, false)], null);

    public RecordBatch Rows(ReadOnlyMemory<RowId> ids, long seed) => new(Schema, Cells(ids, seed), ids.Length);

    public RecordBatch Events(ReadOnlyMemory<RowId> ids, long seed) =>
        new(Changes, [.. Cells(ids, seed), Cell.Text(ids.Length, i => [(byte)ids.Span[i].Operation])], ids.Length);

    /// <summary>The columns of the table.</summary>
    protected abstract IReadOnlyList<IArrowArray> Cells(ReadOnlyMemory<RowId> ids, long seed);

    protected static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
