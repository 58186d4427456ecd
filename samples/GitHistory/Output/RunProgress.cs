using System.Globalization;
using Spectre.Console;

namespace GitHistory.Output;

/// <summary>Shows how far the work is: a bar with events per second on a terminal, a line now and then where output is redirected.</summary>
internal sealed class RunProgress(IAnsiConsole console, TimeProvider time)
{
    private const int BarWidth = 30;
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly bool _interactive = console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
    private string _what = "";
    private long _total;
    private long _done;
    private long _events;
    private long _started;
    private long _shown;

    /// <summary>Begins a piece of work of a known size.</summary>
    public void Start(string what, long total)
    {
        (_what, _total, _done, _events) = (what, Math.Max(total, 1), 0, 0);
        _started = time.GetTimestamp();
        _shown = _started;
    }

    /// <summary>So much is done, and so many more events went through.</summary>
    public void Advance(long done, int events)
    {
        _done = done;
        _events += events;
        if (time.GetElapsedTime(_shown) >= (_interactive ? BarInterval : LineInterval))
        {
            _shown = time.GetTimestamp();
            Show();
        }
    }

    /// <summary>The work is done; the bar goes.</summary>
    public void Finish()
    {
        if (_interactive)
        {
            Console.Out.Write("\r" + new string(' ', 79) + "\r");
        }
    }

    private void Show()
    {
        double share = Math.Min(1, _done / (double)_total);
        double rate = _events / Math.Max(time.GetElapsedTime(_started).TotalSeconds, 0.001);
        string text = string.Create(CultureInfo.InvariantCulture, $"{_what} {share,4:P0}  {_events,9:N0} events  {rate,7:N0} events/s");
        if (_interactive)
        {
            int filled = (int)(share * BarWidth);
            Console.Out.Write("\r" + (new string('━', filled) + new string('─', BarWidth - filled) + " " + text).PadRight(79)[..79]);
        }
        else
        {
            Console.Out.WriteLine(text);
        }
    }
}
