using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.SourceSnapshots;

/// <summary>The sequence of the rows of a snapshot: its version, which they may bring along or not.</summary>
internal static class SnapshotSequence
{
    /// <summary>Refuses flows whose order cannot be a version.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public static void Check(MergeConfiguration flow, string table, Schema target)
    {
        string? why = flow.Order.Count != 1 ? "its order has several columns"
            : flow.Groups.Count > 0 ? "it has sequence groups, whose clocks do not compare with a version"
            : target.PositionOf(flow.Order[0]) is int at and >= 0 && !IsInteger(target.GetFieldByIndex(at).DataType) ? $"column {flow.Order[0]} is no integer"
            : null;
        if (why is not null)
        {
            throw SnapshotErrors.Of(ErrorCodes.InvalidConfiguration, flow, table, null, $"a snapshot needs one sequence column of an integer type, but {why}");
        }
    }

    /// <summary>The rows with the version in the sequence column.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SnapshotSequenceMismatch"/>: they have another sequence.</exception>
    public static RecordBatch Of(MergeConfiguration flow, string table, RecordBatch rows, long version)
    {
        string name = flow.Order[0];
        int position = rows.Schema.PositionOf(name);
        if (position < 0)
        {
            Field field = new(name, Int64Type.Default, nullable: true);
            return new RecordBatch(
                new Schema([.. rows.Schema.FieldsList, field], rows.Schema.Metadata), [.. rows.Arrays, ConstantArray.Create(Int64Type.Default, version, rows.Length)], rows.Length);
        }

        if (!LosslessCast.CanCast(rows.Column(position).Data.DataType, Int64Type.Default))
        {
            throw SnapshotErrors.Of(ErrorCodes.SchemaMismatch, flow, table, version, $"sequence column {name} is {rows.Column(position).Data.DataType.Name}, which is no integer");
        }

        Int64Array given = (Int64Array)LosslessCast.Cast(rows.Column(position), Int64Type.Default).Array;
        int[] others = [.. Enumerable.Range(0, rows.Length).Where(row => given.GetValue(row) != version)];
        int[] keys = [.. flow.Keys.Select(rows.Schema.PositionOf).Where(static at => at >= 0)];
        return others.Length == 0 ? rows : throw SnapshotErrors.OfRows(
            ErrorCodes.SnapshotSequenceMismatch, flow, table, version, $"rows have another {name} than the version", others.Length, KeyText.Samples(rows, keys, others));
    }

    private static bool IsInteger(IArrowType type) => type is Int8Type or Int16Type or Int32Type or Int64Type;
}
