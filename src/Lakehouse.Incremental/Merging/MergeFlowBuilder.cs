using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Merging;

/// <summary>Collects the rules of a merge flow. Everything is checked in <see cref="Build"/>.</summary>
public sealed class MergeFlowBuilder
{
    private MergeConfiguration _configuration;

    internal MergeFlowBuilder(string name) =>
        _configuration = new MergeConfiguration { Name = name, Keys = [], Sequence = [] };

    /// <summary>The columns that identify a row. Required. A null in any of them is an invalid event (semantics 2.8).</summary>
    public MergeFlowBuilder Keys(params string[] columns) => With(_configuration with { Keys = [.. columns] });

    /// <summary>
    /// The columns that order the events of one key, most significant first. Required; the target keeps them. A null or NaN in any of them is an invalid
    /// event (semantics 2.9). Integers, decimals, strings, dates, timestamps, binary and floating-point columns can order.
    /// </summary>
    public MergeFlowBuilder SequenceBy(params string[] columns) => With(_configuration with { Sequence = [.. columns] });

    /// <summary>Events that satisfy the condition delete their key; a condition that is unknown (null) does not. Default: no event deletes.</summary>
    public MergeFlowBuilder ApplyAsDeleteWhen(Func<ChangeColumns, Filter> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return With(_configuration with { DeleteWhen = condition(new ChangeColumns()) });
    }

    /// <summary>Event columns that the target does not keep, such as the operation code. Default: it keeps all.</summary>
    public MergeFlowBuilder ExceptColumns(params string[] columns) => With(_configuration with { ExceptColumns = [.. columns] });

    /// <summary>Type 1 (latest row per key, the default) or type 2 (history).</summary>
    public MergeFlowBuilder StoredAs(ScdType scdType) => With(_configuration with { StoredAs = scdType });

    /// <summary>Type 2 only: a change in these columns opens a new period. Default: in any column but keys and sequence.</summary>
    public MergeFlowBuilder TrackHistoryOn(params string[] columns) => With(_configuration with { TrackOnly = [.. columns] });

    /// <summary>Type 2 only: a change in these columns alone does not open a new period; the open row shows the latest values (semantics 2.16).</summary>
    public MergeFlowBuilder TrackHistoryExcept(params string[] columns) => With(_configuration with { TrackExcept = [.. columns] });

    /// <summary>
    /// Sets events apart that cannot be merged (a null in a key or sequence column, NaN in a sequence column, a value that a column of the target cannot
    /// hold), instead of failing their batch. They are in the quarantine, once each, before the commit that consumes them; the others are merged.
    /// Default: such an event fails its batch (semantics 2.8).
    /// </summary>
    /// <param name="quarantine">Where they go. It may be changed at any time: what was quarantined stays where it is.</param>
    public MergeFlowBuilder QuarantineTo(QuarantineTable quarantine)
    {
        ArgumentNullException.ThrowIfNull(quarantine);
        return With(_configuration with { Quarantine = quarantine });
    }

    /// <summary>The most events of one commit, 1,000,000 by default. Staged versions are never split, so one version may exceed it.</summary>
    public MergeFlowBuilder MaxRowsPerCommit(long rows) => With(_configuration with { MaxRowsPerCommit = rows });

    /// <summary>Checks the rules and makes the flow.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: the message says which rule is wrong.</exception>
    public MergeFlow Build()
    {
        MergeConfiguration c = _configuration;
        Require(!string.IsNullOrWhiteSpace(c.Name), "a flow needs a name");
        Require(c.Keys.Count > 0, "a flow needs at least one key column: call Keys");
        Require(c.Sequence.Count > 0, "a flow needs at least one sequence column: call SequenceBy");
        string? repeated = c.Keys.Concat(c.Sequence).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key;
        Require(repeated is null, $"column {repeated} is named twice among keys and sequence");
        string? dropped = c.Keys.Concat(c.Sequence).FirstOrDefault(n => c.ExceptColumns.Contains(n, StringComparer.Ordinal));
        Require(dropped is null, $"column {dropped} is a key or sequence column, so the target must keep it: remove it from ExceptColumns");
        bool tracks = c.TrackOnly is not null || c.TrackExcept.Count > 0;
        Require(!tracks || c.StoredAs == ScdType.Type2, "TrackHistoryOn and TrackHistoryExcept belong to ScdType.Type2");
        Require(c.TrackOnly is null || c.TrackExcept.Count == 0, "use either TrackHistoryOn or TrackHistoryExcept");
        Require(Enum.IsDefined(c.StoredAs), "the SCD type is unknown");
        Require(c.MaxRowsPerCommit > 0, "MaxRowsPerCommit must be positive");
        return new MergeFlow(c);

        void Require(bool condition, string rule)
        {
            if (!condition)
            {
                throw new LakehouseException(ErrorCodes.InvalidConfiguration, $"Flow '{c.Name}': {rule}.") { Flow = c.Name };
            }
        }
    }

    private MergeFlowBuilder With(MergeConfiguration configuration)
    {
        _configuration = configuration;
        return this;
    }
}
