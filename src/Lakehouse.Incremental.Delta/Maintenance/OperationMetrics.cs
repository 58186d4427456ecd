using System.Globalization;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>Counts as commits carry them: numbers in texts.</summary>
internal static class OperationMetrics
{
    public static JsonObject Of(params ReadOnlySpan<(string Name, long Value)> counts)
    {
        JsonObject metrics = [];
        foreach ((string name, long value) in counts)
        {
            metrics[name] = value.ToString(CultureInfo.InvariantCulture);
        }

        return metrics;
    }
}
