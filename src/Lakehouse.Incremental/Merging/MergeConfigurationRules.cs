using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Merging;

/// <summary>What goes together in a flow's configuration, as far as it can be told without a table.</summary>
internal static class MergeConfigurationRules
{
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: the message says which rule is broken.</exception>
    public static void Check(MergeConfiguration c)
    {
        Require(c, !string.IsNullOrWhiteSpace(c.Name), "a flow needs a name");
        Require(c, c.Keys.Count > 0, "a flow needs at least one key column: call Keys");
        Require(c, c.Sequence.Count > 0, "a flow needs at least one sequence column: call SequenceBy");
        Require(c, Enum.IsDefined(c.StoredAs) && Enum.IsDefined(c.DeleteMode) && Enum.IsDefined(c.UntrackedScope) && Enum.IsDefined(c.SchemaPolicy) && Enum.IsDefined(c.AmbiguousTie), "an option has an unknown value");
        Require(c, c.MaxRowsPerCommit > 0, "MaxRowsPerCommit must be positive");
        CheckColumns(c);
        CheckNullsFirst(c);
        CheckHistory(c);
        CheckOperations(c);
    }

    private static void CheckColumns(MergeConfiguration c)
    {
        string[] named = [.. c.Keys, .. c.EffectiveAt, .. c.Sequence, .. c.Groups.SelectMany(static g => g.Sequence), .. c.Groups.SelectMany(static g => g.Columns), .. c.PreviousKeys];
        string? repeated = named.GroupBy(static n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(static g => g.Count() > 1)?.Key;
        Require(c, repeated is null, $"column {repeated} is named twice among keys, sequences and groups");
        string? dropped = c.Keys.Concat(c.Order).Concat(c.Groups.SelectMany(static g => g.Sequence.Concat(g.Columns))).FirstOrDefault(n => c.Dropped.Contains(n, StringComparer.Ordinal));
        Require(c, dropped is null, $"column {dropped} is a key, sequence or group column, so the target must keep it: remove it from ExceptColumns");
        Require(c, c.Groups.All(static g => g.Sequence.Count > 0 && g.Columns.Count > 0), "a sequence group needs sequence columns and columns");
        Require(c, c.PreviousKeys.Count is 0 || c.PreviousKeys.Count == c.Keys.Count, "PreviousKeys must name one column for each key column");
        string? ignored = c.IgnoreNulls?.FirstOrDefault(n => c.Keys.Concat(c.Order).Contains(n, StringComparer.Ordinal));
        Require(c, ignored is null, $"a null in key or sequence column {ignored} cannot be ignored");
    }

    private static void CheckNullsFirst(MergeConfiguration c)
    {
        string? repeated = c.NullsFirst.GroupBy(static n => n, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1)?.Key;
        Require(c, repeated is null, $"NullsFirst names {repeated} twice");
        string? unknown = c.NullsFirst.FirstOrDefault(n => !c.Sequence.Any(s => string.Equals(n, s, StringComparison.Ordinal) || n.StartsWith(s + ".", StringComparison.Ordinal)));
        Require(c, unknown is null, $"NullsFirst names {unknown}, which is no column of SequenceBy, nor a field of one (column.field)");
        Require(c, c.Sequence.Count > 1 || !c.NullsFirst.Contains(c.Sequence[0], StringComparer.Ordinal), "a sequence of one column cannot be null: NullsFirst is for components of a composite one");

        // There a main sequence of nulls says that an event speaks of a group alone.
        Require(c, c.NullsFirst.Count == 0 || c.Groups.Count == 0, "NullsFirst does not go with SequenceGroup");
    }

    private static void CheckHistory(MergeConfiguration c)
    {
        bool tracks = c.TrackOnly is not null || c.TrackExcept.Count > 0;
        Require(c, !tracks || c.IsHistory, "TrackHistoryOn and TrackHistoryExcept belong to ScdType.Type2");
        Require(c, c.TrackOnly is null || c.TrackExcept.Count == 0, "use either TrackHistoryOn or TrackHistoryExcept");
        Require(c, c.EffectiveAt.Count == 0 || c.IsHistory, "EffectiveAt belongs to ScdType.Type2");
        Require(c, c.UntrackedScope == UntrackedScope.CurrentRun || c.IsHistory, "UntrackedScope belongs to ScdType.Type2");
        Require(c, c.Groups.Count == 0 || !c.IsHistory, "SequenceGroup belongs to ScdType.Type1");
        Require(c, c.History == HistoryColumns.Default || c.IsHistory, "HistoryColumns belongs to ScdType.Type2");
        string[] period = [c.History.Start, c.History.End, c.History.IsDeleted, .. c.History.IsCurrent is { } current ? [current] : (string[])[]];
        Require(c, !period.Any(string.IsNullOrWhiteSpace), "the columns of a period need names");
        string? repeated = period.Concat(c.Keys).Concat(c.Order).GroupBy(static n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(static g => g.Count() > 1)?.Key;
        Require(c, repeated is null || !c.IsHistory, $"column {repeated} is named twice among those of the period, keys and sequences");
    }

    private static void CheckOperations(MergeConfiguration c)
    {
        bool truncates = c.TruncateWhen is not null || c.Operations.Truncate.Count > 0;
        Require(c, !truncates || c.DeleteMode != DeleteMode.Ignore, "a flow that ignores deletes cannot truncate");
        Require(c, !truncates || c.Groups.Count == 0, "a flow with sequence groups cannot truncate: their clocks do not compare with the truncate's");
        bool conditions = c.DeleteWhen is not null || c.TruncateWhen is not null || c.SnapshotReadWhen is not null;
        Require(c, c.OperationColumn is null || !conditions, "use either Operations or conditions");
        IEnumerable<string> codes = c.Operations.Upsert.Concat(c.Operations.Delete).Concat(c.Operations.SnapshotRead).Concat(c.Operations.Truncate);
        Require(c, c.OperationColumn is null || codes.Any(), "Operations needs at least one code");
        string? ambiguous = codes.GroupBy(static n => n, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1)?.Key;
        Require(c, ambiguous is null, $"the operation code '{ambiguous}' has two meanings");
    }

    private static void Require(MergeConfiguration flow, bool condition, string rule)
    {
        if (!condition)
        {
            throw new LakehouseException(ErrorCodes.InvalidConfiguration, $"Flow '{flow.Name}': {rule}.") { Flow = flow.Name };
        }
    }
}
