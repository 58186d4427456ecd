using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Explain;

/// <summary>Matches the rows that the target has with those that the events make, and tells who made them.</summary>
internal sealed class RowStories
{
    private readonly KeyTimeline _key;
    private readonly KnownRows _known;
    private readonly CellStories _cells;
    private readonly RecordBatch _expected;
    private readonly Func<KeyEvent, AppliedBatch?> _appliedBy;

    /// <param name="key">The timeline.</param>
    /// <param name="known">What the target has.</param>
    /// <param name="appliedBy">The batch that merged an event, as far as the log tells.</param>
    public RowStories(KeyTimeline key, KnownRows known, Func<KeyEvent, AppliedBatch?> appliedBy)
    {
        (_key, _known, _appliedBy) = (key, known, appliedBy);
        _expected = RunRows.Build(key.Session, key.Sources, key.Rows);
        _cells = new CellStories(key, _expected, known.Existing.Rows);
    }

    /// <param name="found">The rows of the key in the target; those of a history by start.</param>
    public IReadOnlyList<ExplainedRow> Of(int[] found)
    {
        List<ExplainedRow> rows = [];
        bool isHistory = _key.Session.Flow.IsHistory;
        int next = 0;
        for (int run = 0; run < _key.Rows.Count; run++)
        {
            ReadOnlySpan<byte> start = _key.Sources.Position(_key.Rows[run].Start);
            while (isHistory && next < found.Length && _known.Shown.Start(found[next]).SequenceCompareTo(start) < 0)
            {
                rows.Add(Unexplained(found[next++], ExplainRules.Unexplained));
            }

            bool isThere = next < found.Length && (!isHistory || _known.Shown.Start(found[next]).SequenceEqual(start));
            rows.Add(isThere ? Explained(run, found[next++]) : Explained(run, null));
            while (isHistory && isThere && next < found.Length && _known.Shown.Start(found[next]).SequenceEqual(start))
            {
                rows.Add(Unexplained(found[next++], ExplainRules.Twice));
            }
        }

        rows.AddRange(found[next..].Select(row => Unexplained(row, _key.Rows.Count == 0 || isHistory ? ExplainRules.Unexplained : ExplainRules.Twice)));
        return rows;
    }

    private ExplainedRow Explained(int at, int? found)
    {
        TimelineRun run = _key.Rows[at];
        RowStatus status = found is not { } row ? RowStatus.Missing : _known.Shown.Equals(row, run, _key.Sources) ? RowStatus.AsExplained : RowStatus.Different;
        KeyEvent[] made = [.. run.Row.Authors.Append(run.Start).Concat(run.End is { } end ? [end] : []).Distinct().Select(_key.Of)];
        AppliedBatch? batch = BatchOf(made);
        return new ExplainedRow
        {
            Status = status,
            IsCurrent = run.End is null,
            Cells = _cells.Of(at, found, status),
            Events = [.. made.Select(static e => e.Number).Order()],
            Start = _key.NumberOf(run.Start),
            End = run.End is { } ends ? _key.NumberOf(ends) : null,
            Rule = RuleOf(run),
            Version = batch?.Version,
            Batch = batch?.Name,
        };
    }

    private ExplainedRow Unexplained(int row, string rule) => new()
    {
        Status = RowStatus.Unexplained,
        IsCurrent = !_key.Session.Flow.IsHistory || _known.Shown.IsOpen(row),
        Cells = _cells.Found(row),
        Rule = rule,
    };

    /// <summary>The last of the batches; commits of which the log does not tell any more are older. Of an event that was never staged nobody knows.</summary>
    private AppliedBatch? BatchOf(KeyEvent[] made) => System.Array.Exists(made, static e => e.Knowledge != EventKnowledge.Staged)
        ? null
        : made.Select(_appliedBy).MaxBy(static batch => batch?.Version ?? -1);

    private string RuleOf(TimelineRun run)
    {
        string rule = run.IsMarked ? ExplainRules.Mark : _key.Session.Flow.IsHistory ? ExplainRules.Period : ExplainRules.Greatest;
        bool isComposed = run.Row.Cells is { } cells && System.Array.Exists(cells, c => c != run.Row.Top && c != TimelineEvent.None);
        bool isTied = _key.Timeline.Distinct.Exists(e => e != run.Row.Top && !_key.Sources.IsDelete(e) && _key.Sources.Order(e).SequenceEqual(_key.Sources.Order(run.Row.Top)));
        return rule + (isComposed ? "; " + ExplainRules.Cells : "") + (isTied ? "; " + ExplainRules.Tie : "");
    }
}
