using GitHistory.Proof;
using Spectre.Console;

namespace GitHistory.Output;

/// <summary>The short table at the end.</summary>
internal static class ResultTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<ProofResult> results)
    {
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumn("what").AddColumn(new TableColumn("result").NoWrap()).AddColumn("detail");
        foreach (ProofResult result in results)
        {
            table.AddRow(Markup.Escape(result.Claim), result.IsOk ? "[green]ok[/]" : "[red]FAILED[/]", Markup.Escape(result.Detail));
        }

        console.Write(table);
    }
}
