using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Index;

/// <summary>The columns that say where a row stands in the order of its key.</summary>
/// <param name="Names">Their names; none where no clocks are kept.</param>
/// <param name="Parts">How many columns one of them was made of.</param>
internal sealed record ClockColumns(IReadOnlyList<string> Names, int Parts = 1)
{
    public static ClockColumns None { get; } = new([]);

    public EncodedRows Encode(RecordBatch rows) => Parts > 1
        ? SequenceEncoding.Encode(rows, Names[0], Parts)
        : SequenceEncoding.Encode(rows, [.. Names.Select(rows.Schema.PositionOf)]);
}
