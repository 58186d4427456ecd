using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Scd2;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>Where the columns of a flow stand in its target and in its state. Positions count in <see cref="Data"/>.</summary>
internal sealed class MergeLayout
{
    public const string Kind = "__kind";

    /// <exception cref="LakehouseException">The table lacks a column of the flow, or an interval column is missing or of another type.</exception>
    public MergeLayout(MergeConfiguration flow, Schema table, string tableName)
    {
        Table = table;
        bool history = flow.StoredAs == ScdType.Type2;
        DataColumns = [.. Enumerable.Range(0, table.FieldsList.Count).Where(i => !history || !IntervalColumns.IsReserved(table.GetFieldByIndex(i).Name))];
        Data = new Schema([.. DataColumns.Select(table.GetFieldByIndex)], null);
        Keys = Positions(flow.Keys, "key");
        Sequence = Positions(flow.Sequence, "sequence");
        foreach (int position in Keys.Concat(Sequence))
        {
            Field field = Data.GetFieldByIndex(position);
            Require(RowEncoder.IsOrderable(field.DataType), ErrorCodes.NonOrderableSequence, $"column {field.Name} of type {field.DataType.Name} can be neither key nor sequence");
        }

        int[] named = [.. Keys, .. Sequence];
        Rest = [.. Enumerable.Range(0, Data.FieldsList.Count).Except(named)];
        Tracked = flow.TrackOnly is { } only ? Positions(only, "tracked") : [.. Rest.Except(Positions(flow.TrackExcept, "untracked"))];
        List<Field> record = [.. named.Select(Data.GetFieldByIndex)];
        if (history)
        {
            record.Add(new Field(Kind, Int8Type.Default, nullable: true));
            record.AddRange(Rest.Select(i => new Field(Data.GetFieldByIndex(i).Name, Data.GetFieldByIndex(i).DataType, nullable: true)));
            CheckIntervals();
        }

        State = history
            ? new StateSetDefinition("hidden", new Schema(record, null), Keys.Length, named.Length + 1)
            : new StateSetDefinition("tombstones", new Schema(record, null), Keys.Length, named.Length);

        int[] Positions(IReadOnlyList<string> names, string role) => [.. names.Select(name =>
        {
            int position = Data.PositionOf(name);
            Require(position >= 0, ErrorCodes.SchemaMismatch, $"the table has no {role} column {name}");
            return position;
        })];

        void CheckIntervals()
        {
            foreach (Field expected in IntervalColumns.Fields([.. Sequence.Select(Data.GetFieldByIndex)]))
            {
                int position = table.PositionOf(expected.Name);
                Require(position >= 0, ErrorCodes.SchemaMismatch, $"a history table needs a column {expected.Name}; create it with {nameof(MergeFlow.TargetSchema)}");
                IArrowType actual = table.GetFieldByIndex(position).DataType;
                Require(actual.TypeId == expected.DataType.TypeId, ErrorCodes.SchemaMismatch, $"column {expected.Name} is {actual.Name}, but the sequence is {expected.DataType.Name}");
            }
        }

        void Require(bool condition, string code, string what)
        {
            if (!condition)
            {
                throw new LakehouseException(code, $"Flow '{flow.Name}' and table {tableName}: {what}.") { Flow = flow.Name, Table = tableName };
            }
        }
    }

    /// <summary>The table's schema.</summary>
    public Schema Table { get; }

    /// <summary>The table's columns that come from events: all but the interval columns.</summary>
    public Schema Data { get; }

    /// <summary>Positions of the data columns in the table.</summary>
    public int[] DataColumns { get; }

    public int[] Keys { get; }

    public int[] Sequence { get; }

    /// <summary>Data columns that are neither key nor sequence.</summary>
    public int[] Rest { get; }

    /// <summary>Data columns whose change opens a new period.</summary>
    public int[] Tracked { get; }

    /// <summary>Type 1: tombstones. Type 2: hidden members of runs, and deletes.</summary>
    public StateSetDefinition State { get; }

    /// <summary>The data columns of rows of the table.</summary>
    public RecordBatch ToData(RecordBatch tableRows) => new(Data, DataColumns.Select(tableRows.Column), tableRows.Length);

    /// <summary>The first columns of a state record: key, sequence and, for history, the kind.</summary>
    public Schema StateKey => new([.. State.Schema.FieldsList.Take(State.KeyColumns)], null);
}
