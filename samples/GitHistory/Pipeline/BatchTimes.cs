using System.Globalization;

namespace GitHistory.Pipeline;

/// <summary>How long micro-batches took, to see whether they grow with what was applied before.</summary>
internal sealed class BatchTimes
{
    private readonly List<double> _milliseconds = [];

    /// <summary>Batches measured.</summary>
    public int Count => _milliseconds.Count;

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    /// <summary>The median of the first and of the last tenth of the batches; the first batch, which warms the process up, is left out.</summary>
    public string Describe()
    {
        double[] warm = [.. _milliseconds.Skip(1)];
        if (warm.Length < 10)
        {
            return "too few to compare";
        }

        int tenth = warm.Length / 10;
        double first = Median(warm[..tenth]);
        double last = Median(warm[^tenth..]);
        return string.Create(CultureInfo.InvariantCulture, $"first tenth {first:N0} ms, last {last:N0} ms");
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
