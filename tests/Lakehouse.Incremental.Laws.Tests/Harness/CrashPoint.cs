namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Counts the writes of a process and ends it at one. After that nothing works any more: a dead process cleans nothing up.</summary>
internal sealed class CrashPoint(int atWrite, bool afterEffect)
{
    private int _writes;

    public bool Crashed { get; private set; }

    public void Before()
    {
        if (Crashed || (_writes == atWrite && !afterEffect))
        {
            Crashed = true;
            throw new CrashException();
        }
    }

    public void After()
    {
        if (_writes++ == atWrite && afterEffect)
        {
            Crashed = true;
            throw new CrashException();
        }
    }
}
