namespace Lakehouse.Incremental.Merging;

/// <summary>Takes the time of the steps of a call: each lap gives the time since the one before to a step, so that the steps make up the whole.</summary>
internal sealed class StepClock
{
    private readonly TimeProvider _time;
    private readonly TimeSpan[] _spent = new TimeSpan[Enum.GetValues<MergeStage>().Length];
    private readonly long _started;
    private long _last;

    public StepClock(TimeProvider time)
    {
        _time = time;
        _started = _last = time.GetTimestamp();
    }

    /// <summary>The time since the last lap was spent on a step.</summary>
    public void Lap(MergeStage stage)
    {
        long now = _time.GetTimestamp();
        _spent[(int)stage] += _time.GetElapsedTime(_last, now);
        _last = now;
    }

    /// <summary>A result with the times up to now.</summary>
    public MergeResult Stamp(MergeResult result) => result with
    {
        Duration = _time.GetElapsedTime(_started),
        Durations = new MergeDurations
        {
            Read = Spent(MergeStage.Read),
            Sync = Spent(MergeStage.Sync),
            Normalize = Spent(MergeStage.Normalize),
            Locate = Spent(MergeStage.Locate),
            Fetch = Spent(MergeStage.Fetch),
            Resolve = Spent(MergeStage.Resolve),
            SetApart = Spent(MergeStage.SetApart),
            Write = Spent(MergeStage.Write),
            Commit = Spent(MergeStage.Commit),
            Maintain = Spent(MergeStage.Maintain),
        },
    };

    private TimeSpan Spent(MergeStage stage) => _spent[(int)stage];
}
