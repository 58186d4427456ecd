using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests;

/// <summary>A small stream of changes to orders, for tests that state one rule each.</summary>
internal static class Orders
{
    public static Schema Events { get; } = new(
        [
            new Field("id", StringType.Default, true), new Field("seq", Int64Type.Default, true), new Field("status", StringType.Default, true),
            new Field("note", StringType.Default, true), new Field("op", StringType.Default, true),
        ],
        null);

    /// <summary>An event from text: "a 10 open" puts a row, "a 10 -" deletes it, "_" is null; a fourth word is the note.</summary>
    public static RecordBatch Batch(params string[] events)
    {
        StringArray.Builder id = new(), status = new(), note = new(), op = new();
        Int64Array.Builder seq = new();
        foreach (string[] words in events.Select(e => e.Split(' ')))
        {
            Append(id, words[0]);
            seq.Append(words[1] == "_" ? null : long.Parse(words[1]));
            Append(status, words[2] == "-" ? "_" : words[2]);
            Append(note, words.Length > 3 ? words[3] : "_");
            op.Append(words[2] == "-" ? "d" : "u");
        }

        return new RecordBatch(Events, [id.Build(), seq.Build(), status.Build(), note.Build(), op.Build()], events.Length);
    }

    public static MergeFlowBuilder Flow(ScdType scdType = ScdType.Type1) => MergeFlow.Named("orders")
        .Keys("id").SequenceBy("seq").ApplyAsDeleteWhen(change => change["op"].EqualTo("d")).ExceptColumns("op").StoredAs(scdType);

    public static Task<DeltaTable> TableAsync(MergeFlow flow, Delta.Storage.ITableStorage storage, bool deletionVectors = true, bool changeDataFeed = true) =>
        DeltaTable.CreateOrOpenAsync(storage, flow.TargetSchema(Events), new() { ChangeDataFeed = changeDataFeed, DeletionVectors = deletionVectors });

    /// <summary>Rows as text: "a 10 open", and for history "a 10 open [10,20)".</summary>
    public static async Task<string[]> RowsAsync(DeltaTable table)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            for (int row = 0; row < batch.Length; row++)
            {
                string text = $"{Cell(batch, "id", row)} {Cell(batch, "seq", row)} {Cell(batch, "status", row)}";
                rows.Add(batch.Schema.GetFieldIndex("__start_at") < 0 ? text
                    : $"{text} [{Cell(batch, "__start_at", row)},{(Cell(batch, "__end_at", row) is var end && end == "null" ? "∞" : end)})");
            }
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    /// <summary>Change data of one version as text: "update_preimage a 10 open".</summary>
    public static async Task<string[]> ChangesAsync(DeltaTable table, long version)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadChangesAsync(version, version))
        {
            rows.AddRange(Enumerable.Range(0, batch.Length)
                .Select(row => $"{Cell(batch, "_change_type", row)} {Cell(batch, "id", row)} {Cell(batch, "seq", row)} {Cell(batch, "status", row)}"));
        }

        return [.. rows];
    }

    private static string Cell(RecordBatch batch, string column, int row) => CellText.Format(batch.Column(batch.Schema.GetFieldIndex(column)), row);

    private static void Append(StringArray.Builder builder, string word) => _ = word == "_" ? builder.AppendNull() : builder.Append(word);
}
