using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Tests;

/// <summary>
/// Batches and tables as words. Columns: "k seq:long price:decimal(12,2)", a text where no type is named. Rows: "a 10 1.50", with "_" for null, "''" for
/// an empty text, "[x,y]" for lists, "{1,x}" for structs and "{x=1}" for maps.
/// </summary>
internal static class Words
{
    public static Schema Schema(string columns) => new([.. columns.Split(' ').Select(Field)], null);

    public static RecordBatch Batch(string columns, params string[] rows)
    {
        Schema schema = Schema(columns);
        string[][] cells = [.. rows.Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.All(cells, row => Assert.Equal(schema.FieldsList.Count, row.Length));
        return new RecordBatch(schema, schema.FieldsList.Select((field, i) => WordArrays.Of(field.DataType, [.. cells.Select(row => row[i])])), rows.Length);
    }

    /// <summary>The rows as words, sorted; columns that a flow writes itself as "[10,20)", "deleted" and "deleted@20".</summary>
    public static async Task<string[]> RowsAsync(DeltaTable table)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => Row(batch, row)));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    /// <summary>The changes of a version as words: "update_preimage a 10".</summary>
    public static async Task<string[]> ChangesAsync(DeltaTable table, long version)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadChangesAsync(version, version))
        {
            int type = batch.Schema.GetFieldIndex("_change_type");
            RecordBatch data = new(new Schema([.. batch.Schema.FieldsList.Take(type)], null), batch.Arrays.Take(type), batch.Length);
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => $"{CellText.Format(batch.Column(type), row)} {Row(data, row)}"));
        }

        return [.. rows];
    }

    /// <summary>All cells of a row as words.</summary>
    public static string Plain(RecordBatch batch, int row) => string.Join(' ', Enumerable.Range(0, batch.ColumnCount).Select(c => Cell(batch, c, row)));

    private static string Row(RecordBatch batch, int row)
    {
        List<string> words = [];
        string? start = null;
        for (int column = 0; column < batch.ColumnCount; column++)
        {
            string cell = Cell(batch, column, row);
            switch (batch.Schema.GetFieldByIndex(column).Name)
            {
                case "__start_at" or "__START_AT" or "dbt_valid_from":
                    start = cell;
                    break;
                case "__end_at" or "__END_AT" or "dbt_valid_to":
                    words.Add($"[{start},{(cell == "_" ? "∞" : cell)})");
                    break;
                case "__is_current" when words.Count > 0 && words[^1].EndsWith(")", StringComparison.Ordinal):
                    Assert.Equal(words[^1].EndsWith("∞)", StringComparison.Ordinal), cell == "true");
                    break;
                case "__is_deleted" or "dbt_is_deleted":
                    words.AddRange(cell == "true" ? ["deleted"] : []);
                    break;
                case "__deleted_at":
                    Assert.Equal(words[^1] == "deleted", cell != "_");
                    words[^1] += cell == "_" ? "" : "@" + cell;
                    break;
                default:
                    words.Add(cell);
                    break;
            }
        }

        return string.Join(' ', words);
    }

    private static string Cell(RecordBatch batch, int column, int row) => CellText.Format(batch.Column(column), row) switch
    {
        "null" => "_",
        "" => "''",
        string text => text.Replace(" ", "", StringComparison.Ordinal),
    };

    private static Field Field(string column)
    {
        string[] parts = column.Split(':', 2);
        return new Field(parts[0], WordTypes.Parse(parts.Length > 1 ? parts[1] : "text"), nullable: true);
    }
}
