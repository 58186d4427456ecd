using System.Globalization;
using Spectre.Console;

namespace GitHistory.Output;

/// <summary>Shows how far the work is: a bar with events per second on a terminal, a line now and then where output is redirected.</summary>
internal sealed class RunProgress(IAnsiConsole console, TimeProvider time)
{
    private const int BarWidth = 20;
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly bool _interactive = console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal;
    private string _what = "";
    private double _share;
    private long _events;
    private long _started;
    private long _shown;

    /// <summary>Begins a piece of work.</summary>
    public void Start(string what)
    {
        (_what, _share, _events) = (what, 0, 0);
        _started = time.GetTimestamp();
        _shown = _started;
    }

    /// <summary>This share of it is done (0 to 1), and so many more events went through.</summary>
    public void Advance(double share, int events)
    {
        _share = Math.Clamp(share, 0, 1);
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
            console.Profile.Out.Writer.Write("\r" + new string(' ', 79) + "\r");
        }
    }

    private void Show()
    {
        double rate = _events / Math.Max(time.GetElapsedTime(_started).TotalSeconds, 0.001);
        string events = _events > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {_events:N0} events, {rate:N0} events/s") : "";
        string text = string.Create(CultureInfo.InvariantCulture, $"{_what} {_share * 100,3:N0} %{events}");
        if (_interactive)
        {
            int filled = (int)(_share * BarWidth);
            console.Profile.Out.Writer.Write("\r" + (new string('━', filled) + new string('─', BarWidth - filled) + " " + text).PadRight(79)[..79]);
        }
        else
        {
            console.WriteLine(text);
        }
    }
}
