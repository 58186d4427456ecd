using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Events in whatever form Arrow allows say the same.</summary>
public sealed class ArrowFormsTests
{
    private const string Columns = "k s:long a b op old cols:list(text)";

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_slice_of_a_batch_says_what_its_rows_say(ScdType type)
    {
        string[] rows = ["x 1 A B u _ _", "x 2 _ B2 u _ [b]", "y 1 A B u _ _", "y 2 _ _ d _ _", "z 3 A3 B3 u x _", "w 1 A B u _ [a]"];
        Bench whole = await Bench.OpenAsync(Flow(type), Columns);
        Bench sliced = await Bench.OpenAsync(Flow(type), Columns);
        RecordBatch events = Words.Batch(Columns, ["? 0 ? ? ? ? [x,y,z]", .. rows, "? 0 ? ? ? ? [x]"]);
        await whole.ApplyAsync(rows);
        for (int row = 1; row <= rows.Length; row++)
        {
            await sliced.Flow.ApplyAsync(events.Slice(row, 1), sliced.Table);
        }

        (await sliced.RowsAsync()).Should().Equal(await whole.RowsAsync());
        (await sliced.Flow.ApplyAsync(events.Slice(1, rows.Length), sliced.Table)).Version.Should().BeNull();
    }

    [Fact]
    public async Task Codes_keys_and_markers_may_be_dictionaries()
    {
        Bench bench = await Bench.OpenAsync(Flow().UnsetMarker("UNSET"), "k s:long a op");
        RecordBatch plain = Words.Batch("k s:long a op old cols:list(text)", "x 1 A u _ _", "y 1 B u _ _", "y 2 C d _ _", "x 2 UNSET u _ _");
        IArrowArray[] columns = [.. plain.Arrays.Select(static column => column is StringArray texts ? Encoded(texts) : column)];
        Schema schema = new([.. plain.Schema.FieldsList.Select((f, i) => new Field(f.Name, columns[i].Data.DataType, true))], null);

        await bench.Flow.ApplyAsync(new RecordBatch(schema, columns, plain.Length), bench.Table);

        (await bench.RowsAsync()).Should().Equal("x 2 A");
    }

    [Fact]
    public async Task Seconds_and_nanoseconds_are_the_same_times()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("t").StoredAs(ScdType.Type2), "k t:time a");
        await bench.Flow.ApplyAsync(Timed(TimeUnit.Second, 100, "A"), bench.Table);
        MergeResult again = await bench.Flow.ApplyAsync(Timed(TimeUnit.Nanosecond, 100_000_000_000, "A"), bench.Table);
        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.Flow.ApplyAsync(Timed(TimeUnit.Nanosecond, 100_000_000_001, "A"), bench.Table));

        again.Duplicates.Should().Be(1);
        error.ErrorCode.Should().Be(ErrorCodes.LossyCast);
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_row_of_two_hundred_columns_may_be_told_column_by_column(ScdType type)
    {
        string[] names = [.. Enumerable.Range(0, 200).Select(static i => $"c{i}")];
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type), "k s:long " + string.Join(' ', names));
        foreach (string[] part in names.Reverse().Chunk(67))
        {
            await bench.ApplyColumnsAsync("k s:long " + string.Join(' ', part), "x 1 " + string.Join(' ', part));
        }

        (await bench.RowsAsync()).Should().Equal("x 1 " + string.Join(' ', names) + (type == ScdType.Type2 ? " [1,∞)" : ""));
    }

    private static DictionaryArray Encoded(StringArray texts)
    {
        string?[] values = [.. Enumerable.Range(0, texts.Length).Select(row => texts.GetString(row))];
        string?[] distinct = [.. values.Distinct(StringComparer.Ordinal)];
        Int8Array indices = new Int8Array.Builder().AppendRange(values.Select(value => (sbyte)System.Array.IndexOf(distinct, value))).Build();
        return new DictionaryArray(new DictionaryType(Int8Type.Default, StringType.Default, false), indices, new StringArray.Builder().AppendRange(distinct).Build());
    }

    private static RecordBatch Timed(TimeUnit unit, long at, string a)
    {
        TimestampType type = new(unit, "UTC");
        IArrowArray time = ArrowArrayFactory.BuildArray(new ArrayData(type, 1, 0, 0, new Int64Array.Builder().Append(at).Build().Data.Buffers));
        Schema schema = new([new Field("k", StringType.Default, true), new Field("t", type, true), new Field("a", StringType.Default, true)], null);
        return new RecordBatch(schema, [new StringArray.Builder().Append("x").Build(), time, new StringArray.Builder().Append(a).Build()], 1);
    }

    private static MergeFlowBuilder Flow(ScdType type = ScdType.Type1) => MergeFlow.Named("f").Keys("k").SequenceBy("s").ColumnsToUpdate("cols")
        .PreviousKeys("old").Operations("op", new() { Upsert = ["u"], Delete = ["d"] }).ExceptColumns("op").StoredAs(type);
}
