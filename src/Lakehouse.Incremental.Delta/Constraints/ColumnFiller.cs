using System.Runtime.InteropServices;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>
/// Fills the columns that the rows of one write do not bring, by the rules of the table. Numbers of identity columns are taken in one run for all
/// batches, beyond the mark of the version that is read; the commit moves the mark.
/// </summary>
internal sealed class ColumnFiller
{
    private readonly RowRules _rules;
    private readonly IReadOnlyList<RecordBatch> _input;
    private readonly Dictionary<int, BoundExpression> _defaults;
    private readonly Dictionary<int, long> _next = [];
    private readonly Dictionary<int, long> _marks = [];

    /// <param name="rules">The rules of the table.</param>
    /// <param name="input">The batches as they were given.</param>
    /// <param name="now">The time that defaults may ask for.</param>
    /// <param name="table">The table, for messages.</param>
    /// <exception cref="InvalidRowsException"><see cref="ErrorCodes.IdentityValue"/>: a column is given that the table numbers itself.</exception>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.Overflow"/>: the numbers of an identity column run out.</exception>
    public ColumnFiller(RowRules rules, IReadOnlyList<RecordBatch> input, DateTimeOffset now, string table)
    {
        _rules = rules;
        _input = input;
        _defaults = rules.Defaults.ToDictionary(static column => column.Position, column => RowRulesReader.Named(
            TableFeature.AllowColumnDefaults, $"the default of the column '{column.Field.Name}'", column.Expression.Sql, () => column.Bind(now)));
        foreach (IdentityColumn column in rules.Identities)
        {
            if (!column.AllowsExplicit && input.Any(batch => Brings(batch, column.Name)))
            {
                throw RowRules.GivenIdentity(column, table);
            }

            long missing = input.Where(batch => !Brings(batch, column.Name)).Sum(static batch => (long)batch.Length);
            if (missing > 0)
            {
                long first = column.Reserve(missing, table);
                _next[column.Position] = first;
                _marks[column.Position] = first + ((missing - 1) * column.Step);
            }
        }
    }

    /// <summary>The last numbers given out, by the positions of their columns.</summary>
    public IReadOnlyDictionary<int, long> Marks => _marks;

    /// <summary>Whether a missing column follows from the others, and comes when those are there.</summary>
    public bool IsGenerated(int column) => _rules.Generated.Any(generated => generated.Position == column);

    /// <summary>The values of a missing column for one batch; null when it has no default. To be asked for each batch once, in order.</summary>
    public IArrowArray? Fill(int column, int rows)
    {
        if (_rules.Identities.FirstOrDefault(identity => identity.Position == column) is { } identity)
        {
            return Number(identity, rows);
        }

        return _defaults.TryGetValue(column, out BoundExpression? value)
            ? value.Evaluate(new RecordBatch(new Schema([], null), [], rows))
            : null;
    }

    /// <summary>A conformed batch with its generated columns where the input had none.</summary>
    public RecordBatch Generate(RecordBatch batch, int index)
    {
        IArrowArray[]? columns = null;
        foreach (GeneratedColumn column in _rules.Generated)
        {
            if (!Brings(_input[index], batch.Schema.GetFieldByIndex(column.Position).Name))
            {
                columns ??= [.. batch.Arrays];
                columns[column.Position] = column.Value.Evaluate(batch);
            }
        }

        return columns is null ? batch : new RecordBatch(batch.Schema, columns, batch.Length);
    }

    private static bool Brings(RecordBatch batch, string column) => batch.Schema.PositionOf(column) >= 0;

    private Int64Array Number(IdentityColumn column, int rows)
    {
        byte[] bytes = new byte[rows * sizeof(long)];
        Span<long> numbers = MemoryMarshal.Cast<byte, long>(bytes.AsSpan());
        Int128 next = rows == 0 ? 0 : _next[column.Position];
        for (int row = 0; row < rows; row++)
        {
            numbers[row] = (long)next;
            next += column.Step;
        }

        // Behind the very last number there may be none that fits.
        if (rows > 0 && next == (long)next)
        {
            _next[column.Position] = (long)next;
        }

        return new Int64Array(new ArrowBuffer(bytes), ArrowBuffer.Empty, rows, 0, 0);
    }
}
