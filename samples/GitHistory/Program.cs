using GitHistory;
using Spectre.Console;

using CancellationTokenSource interrupt = new();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first press ends the run in order, a second one at once.
    pressed.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
};

return await Application.RunAsync(args, AnsiConsole.Console, Console.Error, interrupt.Token);
