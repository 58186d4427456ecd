namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>Numbers out of many numbers.</summary>
internal static class Statistics
{
    /// <summary>The value below which a share of the values lie, interpolated.</summary>
    public static double Percentile(IReadOnlyList<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <summary>The e of y = c·x^e, by least squares over the logarithms; NaN for fewer than two points.</summary>
    public static double Exponent(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 2)
        {
            return double.NaN;
        }

        double meanX = points.Average(static p => Math.Log(p.X));
        double meanY = points.Average(static p => Math.Log(p.Y));
        double above = points.Sum(p => (Math.Log(p.X) - meanX) * (Math.Log(p.Y) - meanY));
        double below = points.Sum(p => Math.Pow(Math.Log(p.X) - meanX, 2));
        return above / below;
    }
}
