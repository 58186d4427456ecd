using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Merging;

/// <summary>Collects the change data of a merge: at most one net change per row identity, pre- and post-image side by side (semantics 2.38).</summary>
internal sealed class ChangeRows
{
    private readonly List<RowRef> _rows = [];
    private readonly StringArray.Builder _types = new();

    public void Insert(RowRef row) => Add(row, "insert");

    public void Delete(RowRef row) => Add(row, "delete");

    public void Update(RowRef before, RowRef after)
    {
        Add(before, "update_preimage");
        Add(after, "update_postimage");
    }

    /// <summary>The change data as rows of the table's schema and <c>_change_type</c>.</summary>
    public RecordBatch ToBatch(Schema table, IReadOnlyList<RecordBatch> sources)
    {
        RecordBatch rows = InterleaveKernel.Interleave(table, sources, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows));
        Schema schema = new([.. table.FieldsList, new Field("_change_type", StringType.Default, nullable: true)], null);
        return new RecordBatch(schema, [.. rows.Arrays, _types.Build()], rows.Length);
    }

    private void Add(RowRef row, string type)
    {
        _rows.Add(row);
        _types.Append(type);
    }
}
