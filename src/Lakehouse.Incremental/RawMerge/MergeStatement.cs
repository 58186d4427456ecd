using Apache.Arrow;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// A MERGE statement. Immutable: each method returns a statement with one thing more. Within each family of clauses the first one whose condition is
/// true decides about a row; one that is unknown (null) does not count, and a row that no clause takes stays as it is. All conditions and values see
/// the rows as they were before the merge.
/// </summary>
public sealed class MergeStatement
{
    private readonly DeltaTable _target;
    private readonly MergeDefinition _definition;
    private readonly Func<CancellationToken, Task<IReadOnlyList<RecordBatch>>> _source;

    internal MergeStatement(
        DeltaTable target, MergeDefinition definition, Func<CancellationToken, Task<IReadOnlyList<RecordBatch>>> source) =>
        (_target, _definition, _source) = (target, definition, source);

    /// <summary>
    /// Rows match when they are equal in these columns. A null equals nothing; NaN equals NaN, and -0.0 equals 0.0. Integers and decimals of all widths
    /// and scales compare by value, as do float and double; values of other kinds do not compare, as a whole number and a float do not, unless
    /// <see cref="OnCondition(string)"/> says by a CAST how.
    /// </summary>
    /// <param name="columns">Columns that both sides have. Structs with the same fields may be among them, lists only beside others, and no maps.</param>
    /// <exception cref="ArgumentException">There is no column, or one without a name.</exception>
    public MergeStatement On(params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfZero(columns.Length);
        foreach (string column in columns)
        {
            ArgumentException.ThrowIfNullOrEmpty(column, nameof(columns));
        }

        return With(_definition with { Columns = [.. columns], Condition = null });
    }

    /// <summary>
    /// Rows match when a condition is true. It is one or more equalities of a target and a source expression, and possibly more, joined by AND, such
    /// as <c>target.id = source.id AND target.valid_to IS NULL</c>.
    /// </summary>
    /// <param name="condition">SQL over <c>target.</c> and <c>source.</c> columns; a column that only one side has needs no prefix.</param>
    /// <exception cref="ArgumentException">The condition is empty.</exception>
    public MergeStatement OnCondition(string condition)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(condition);
        return With(_definition with { Columns = [], Condition = condition });
    }

    /// <inheritdoc cref="OnCondition(string)"/>
    /// <param name="condition">A condition over both sides: <c>m => m.Target["id"].EqualTo(m.Source["id"]) &amp; m.Target["valid_to"].IsNull()</c>.</param>
    public MergeStatement OnCondition(Func<MergeColumns, MergeExpression> condition) => OnCondition(MergeColumns.Write(condition));

    /// <summary>Begins a clause for target rows that have a match.</summary>
    /// <param name="condition">SQL over <c>target.</c> and <c>source.</c> columns; null for all.</param>
    public MatchedClause WhenMatched(string? condition = null) => new(this, condition);

    /// <inheritdoc cref="WhenMatched(string)"/>
    /// <param name="condition">A condition over both sides: <c>m => m.Source["n"] > m.Target["n"]</c>.</param>
    public MatchedClause WhenMatched(Func<MergeColumns, MergeExpression> condition) => WhenMatched(MergeColumns.Write(condition));

    /// <summary>Begins a clause for source rows that have no match.</summary>
    /// <param name="condition">SQL over source columns; null for all.</param>
    public NotMatchedClause WhenNotMatched(string? condition = null) => new(this, condition);

    /// <inheritdoc cref="WhenNotMatched(string)"/>
    /// <param name="condition">A condition over the source.</param>
    public NotMatchedClause WhenNotMatched(Func<MergeColumns, MergeExpression> condition) => WhenNotMatched(MergeColumns.Write(condition));

    /// <summary>Begins a clause for target rows that have no match.</summary>
    /// <param name="scope">The part of the table the source speaks for.</param>
    /// <param name="condition">SQL over target columns; null for all of the scope.</param>
    public NotMatchedBySourceClause WhenNotMatchedBySource(MergeScope scope, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return new NotMatchedBySourceClause(this, scope, condition);
    }

    /// <inheritdoc cref="WhenNotMatchedBySource(MergeScope, string)"/>
    /// <param name="scope">The part of the table the source speaks for.</param>
    /// <param name="condition">A condition over the target.</param>
    public NotMatchedBySourceClause WhenNotMatchedBySource(MergeScope scope, Func<MergeColumns, MergeExpression> condition) =>
        WhenNotMatchedBySource(scope, MergeColumns.Write(condition));

    /// <summary>
    /// Columns of the source that the table lacks are added to it in the same commit: all of them when a clause takes all columns, else those that
    /// are set by their name. They are null in rows that are not touched. Columns that the source lacks keep their values. A column that takes the
    /// source column of its name as it is gets the fields its structs lack, and, where <c>delta.enableTypeWidening</c> is true, a wider type when the
    /// source has one.
    /// </summary>
    public MergeStatement WithSchemaEvolution() => With(_definition with { EvolvesSchema = true });

    /// <summary>
    /// Declares that what <see cref="On"/> compares identifies a row: two source rows that would insert one key, and a source row that would change
    /// several target rows, are errors instead of results.
    /// </summary>
    public MergeStatement WithUniqueKeys() => With(_definition with { UniqueKeys = true });

    /// <summary>Makes the merge happen at most once.</summary>
    /// <param name="appId">The application whose transaction this is.</param>
    /// <param name="version">Its number, greater than those before; a merge with the same or a lower number does nothing.</param>
    public MergeStatement WithTransaction(string appId, long version)
    {
        ArgumentException.ThrowIfNullOrEmpty(appId);
        return With(_definition with { TxnAppId = appId, TxnVersion = version });
    }

    /// <summary>Keeps a text with the commit, which the history shows.</summary>
    /// <param name="text">The text.</param>
    public MergeStatement WithUserMetadata(string text) => With(_definition with { UserMetadata = text });

    /// <summary>
    /// Merges in one commit. Reads only files that can hold a match by partition values and statistics. When another writer is faster and changed
    /// something the outcome depends on, the merge is worked out anew.
    /// </summary>
    /// <remarks>
    /// Under <c>delta.isolationLevel</c> <c>WriteSerializable</c>, the default, rows that an append adds at the same time count as added after the
    /// merge, so a key may be there twice; under <c>Serializable</c>, and against other merges always, it is not.
    /// </remarks>
    /// <param name="cancellationToken">Cancels the call. When it does so while the commit is on its way, the commit may stand.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: the statement is not complete, a clause is never reached, or the condition has no equality of
    /// both sides. <see cref="ErrorCodes.SchemaMismatch"/>: columns are missing or do not convert, names in the source differ by case only, or its
    /// batches have different columns. <see cref="ErrorCodes.ExpressionInvalid"/>: an SQL text is not valid; the message has the clause.
    /// <see cref="ErrorCodes.AppendOnly"/>: the table is append-only and rows would change. <see cref="ErrorCodes.ReservedColumn"/>: a new column
    /// has a name that the format keeps for itself.
    /// </exception>
    /// <exception cref="InvalidRowsException">
    /// <see cref="ErrorCodes.MultipleSourceRowsMatched"/>, <see cref="ErrorCodes.DuplicateInsertKey"/>,
    /// <see cref="ErrorCodes.TargetKeyNotUnique"/>: the rows do not tell one result. <see cref="ErrorCodes.LossyCast"/>,
    /// <see cref="ErrorCodes.Overflow"/>, <see cref="ErrorCodes.NotNullViolation"/>, <see cref="ErrorCodes.ConstraintViolation"/>,
    /// <see cref="ErrorCodes.GeneratedColumnMismatch"/>, <see cref="ErrorCodes.IdentityValue"/>, <see cref="ErrorCodes.EmptyPartitionValue"/>: new
    /// rows do not fit the table. The message and the properties have keys, ordinals of source rows and how many they are. Nothing was changed.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">The table or an expression needs what this library does not know.</exception>
    /// <exception cref="CommitConflictException">Other writers changed the same rows again and again.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing is left of it unless its commit stands.</exception>
    public async Task<RawMergeResult> ExecuteAsync(CancellationToken cancellationToken = default)
    {
        Require(_definition.Columns.Count > 0 || _definition.Condition is not null, "it does not say which rows match: call On or OnCondition");
        Require(_definition.Clauses.Count > 0, "it has no clause: call WhenMatched, WhenNotMatched or WhenNotMatchedBySource");
        foreach (IGrouping<MergeFamily, MergeClause> family in _definition.Clauses.GroupBy(static clause => clause.Family))
        {
            bool isReached = !family.SkipLast(1).Any(static clause => clause.TakesAll);
            Require(isReached, $"a clause after one that takes all rows is never reached ({family.Key})");
        }

        IReadOnlyList<RecordBatch> source = await _source(cancellationToken).ConfigureAwait(false);
        Require(source.Count > 0, "its source has no batch and so no columns: give an empty batch, or the schema, of a source without rows");
        Require(source.All(static batch => batch is not null), "a batch of its source is null");
        return await new MergeOperation(_target, _definition, source).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    internal MergeStatement With(MergeClause clause) => With(_definition with { Clauses = [.. _definition.Clauses, clause] });

    internal MergeStatement With(Func<MergeDefinition, MergeDefinition> change) => With(change(_definition));

    private MergeStatement With(MergeDefinition definition) => new(_target, definition, _source);

    private void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new LakehouseException(ErrorCodes.InvalidConfiguration, $"The merge into '{_target.Storage.Name}' cannot run: {what}.")
            {
                Table = _target.Storage.Name,
            };
        }
    }
}
