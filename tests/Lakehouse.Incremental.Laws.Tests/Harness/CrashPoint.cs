namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>
/// Counts what a process asks of its storage and fails one step. A process that crashed is dead: nothing works any more, so it cleans nothing up. One
/// that only saw an error goes on.
/// </summary>
/// <param name="at">The step that fails, from 0.</param>
/// <param name="afterEffect">Whether it has had its effect by then.</param>
/// <param name="countReads">Whether reads are steps too; else only writes are.</param>
/// <param name="goesOn">Whether only that one step fails.</param>
internal sealed class CrashPoint(int at, bool afterEffect, bool countReads = false, bool goesOn = false)
{
    private int _steps = -1;
    private volatile bool _crashed;

    public bool Crashed => _crashed;

    /// <summary>From now on nothing fails.</summary>
    public void Disarm() => Interlocked.Exchange(ref _steps, int.MinValue);

    public void Read()
    {
        FailWhenDead();
        if (countReads && Interlocked.Increment(ref _steps) == at)
        {
            Fail();
        }
    }

    public async ValueTask<T> WriteAsync<T>(Func<ValueTask<T>> write)
    {
        FailWhenDead();
        bool isPoint = Interlocked.Increment(ref _steps) == at;
        if (isPoint && !afterEffect)
        {
            Fail();
        }

        T result = await write();
        if (isPoint)
        {
            Fail();
        }

        return result;
    }

    private void FailWhenDead()
    {
        if (_crashed && !goesOn)
        {
            throw new CrashException();
        }
    }

    private void Fail()
    {
        _crashed = true;
        throw new CrashException();
    }
}
