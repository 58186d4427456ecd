using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>Where the columns of a flow stand in its target and in its state. Positions count in <see cref="Data"/>.</summary>
internal sealed class MergeLayout
{
    private readonly MergeConfiguration _flow;
    private readonly string _tableName;

    /// <param name="flow">The flow.</param>
    /// <param name="table">The target's schema.</param>
    /// <param name="tableName">Its name for messages.</param>
    /// <param name="baseColumns">The data columns the target had when the flow first wrote it; null before.</param>
    /// <exception cref="LakehouseException">The table lacks a column of the flow, or one that the flow writes itself is missing or of another type.</exception>
    public MergeLayout(MergeConfiguration flow, Schema table, string tableName, IReadOnlyCollection<string>? baseColumns)
    {
        (_flow, _tableName, Table) = (flow, tableName, table);
        IReadOnlyList<string> own = TargetColumns.Names(flow);
        DataColumns = [.. Enumerable.Range(0, table.FieldsList.Count).Where(i => !own.Contains(table.GetFieldByIndex(i).Name, StringComparer.Ordinal))];
        Data = new Schema([.. DataColumns.Select(table.GetFieldByIndex)], null);
        string? reserved = Data.FieldsList.Select(static f => f.Name).FirstOrDefault(name => EventRecords.IsReserved(flow, name));
        Require(reserved is null, ErrorCodes.ReservedColumn, $"what is remembered of late events has a column {reserved} of its own");
        Keys = Positions(flow.Keys, "key");
        Order = Positions(flow.Order, "sequence");
        Position = Order[..flow.Position.Count];
        Groups = [.. flow.Groups.Select(g => new GroupLayout(Positions(g.Sequence, "group sequence"), Positions(g.Columns, "group")))];
        foreach (int position in Keys.Concat(Order).Concat(Groups.SelectMany(static g => g.Sequence)))
        {
            Field field = Data.GetFieldByIndex(position);
            Require(RowEncoder.IsOrderable(field.DataType), ErrorCodes.NonOrderableSequence, $"column {field.Name} of type {field.DataType.Name} can be neither key nor sequence");
        }

        SequenceColumns = flow.Sequence.Count;
        Components = [.. Order.Select(at => SequenceComponent.Of(Data.GetFieldByIndex(at), flow.NullsFirst))];
        CheckNullsFirst();
        int[] named = [.. Keys, .. Order];
        Rest = [.. Enumerable.Range(0, Data.FieldsList.Count).Except(named)];
        IsAdded = [.. Data.FieldsList.Select(f => baseColumns?.Contains(f.Name) == false)];
        Tracked = flow.TrackOnly is { } only ? Positions(only, "tracked") : [.. Rest.Except(Positions(flow.TrackExcept, "untracked"))];
        _ = Positions(flow.IgnoreNulls ?? [], "null-ignoring");
        CheckOwn();
        KeySchema = new Schema([.. Keys.Select(Data.GetFieldByIndex).Select(static f => new Field(f.Name, f.DataType, nullable: true))], null);
        KeepsLinks = flow.IsHistory && flow.PreviousKeys.Count > 0;
        State = EventRecords.Definition(this);
    }

    /// <summary>The key columns.</summary>
    public Schema KeySchema { get; }

    /// <summary>True when a new key may take its values from a former one.</summary>
    public bool KeepsLinks { get; }

    /// <summary>The table's schema.</summary>
    public Schema Table { get; }

    /// <summary>The table's columns that come from events: all but those the flow writes itself.</summary>
    public Schema Data { get; }

    /// <summary>Positions of the data columns in the table.</summary>
    public int[] DataColumns { get; }

    public int[] Keys { get; }

    /// <summary>The columns that order the events of a key.</summary>
    public int[] Order { get; }

    /// <summary>The first of them: from when on a row holds.</summary>
    public int[] Position { get; }

    /// <summary>How many of them, the last ones, are the sequence.</summary>
    public int SequenceColumns { get; }

    /// <summary>What each of them is made of.</summary>
    public IReadOnlyList<SequenceComponent> Components { get; }

    public IReadOnlyList<GroupLayout> Groups { get; }

    /// <summary>Data columns that are neither key nor in the order.</summary>
    public int[] Rest { get; }

    /// <summary>Data columns whose change opens a new period.</summary>
    public int[] Tracked { get; }

    /// <summary>Data columns that came later: in a row that is one event, a null there was not set.</summary>
    public bool[] IsAdded { get; }

    public bool DeleteWinsTies => _flow.DeleteWinsTies;

    /// <summary>The events that the rows do not tell.</summary>
    public StateSetDefinition State { get; }

    /// <summary>The data columns of rows of the table.</summary>
    public RecordBatch ToData(RecordBatch tableRows) => new(Data, DataColumns.Select(tableRows.Column), tableRows.Length);

    private int[] Positions(IReadOnlyList<string> names, string role) => [.. names.Select(name =>
    {
        int position = Data.PositionOf(name);
        Require(position >= 0, ErrorCodes.SchemaMismatch, $"the table has no {role} column {name}");
        return position;
    })];

    private void CheckNullsFirst()
    {
        string? unknown = _flow.NullsFirst.Except(Components.SelectMany(static c => c.All).Select(static c => c.Name), StringComparer.Ordinal).FirstOrDefault();
        Require(unknown is null, ErrorCodes.InvalidConfiguration, $"NullsFirst names {unknown}, which the sequence does not have");
        Field? refusing = Order.Select(Data.GetFieldByIndex).FirstOrDefault(column => SequenceComponent.Refuses(column, _flow.NullsFirst));
        Require(refusing is null, ErrorCodes.SchemaMismatch, $"NullsFirst takes nulls in column {refusing?.Name}, which the table does not allow to be null; create it with {nameof(MergeFlow.TargetSchema)}");
    }

    private void CheckOwn()
    {
        foreach (Field expected in TargetColumns.Fields(_flow, [.. Position.Select(Data.GetFieldByIndex)]))
        {
            int position = Table.PositionOf(expected.Name);
            Require(position >= 0, ErrorCodes.SchemaMismatch, $"the flow needs a column {expected.Name}; create the table with {nameof(MergeFlow.TargetSchema)}");
            IArrowType actual = Table.GetFieldByIndex(position).DataType;
            Require(actual.TypeId == expected.DataType.TypeId, ErrorCodes.SchemaMismatch, $"column {expected.Name} is {actual.Name}, but must be {expected.DataType.Name}");
        }
    }

    private void Require(bool condition, string code, string what)
    {
        if (!condition)
        {
            throw new LakehouseException(code, $"Flow '{_flow.Name}' and table {_tableName}: {what}.") { Flow = _flow.Name, Table = _tableName };
        }
    }
}
