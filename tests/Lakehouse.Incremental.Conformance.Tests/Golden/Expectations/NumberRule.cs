using System.Globalization;
using System.Text.RegularExpressions;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>
/// Rows of a table of whole numbers, told in words: <c>multiset: 0 x3, 0..29</c>, or version by version
/// <c>v0=0..9; v1 minus {1,2}; v2 plus {1}</c>. Ranges include both ends.
/// </summary>
internal static partial class NumberRule
{
    /// <summary>The numbers of each version, with those of the last told one under null; null when the rule is told in other words.</summary>
    public static IReadOnlyList<(long? Version, IReadOnlyList<long> Numbers)>? Parse(string rule)
    {
        if (rule.StartsWith("multiset:", StringComparison.Ordinal))
        {
            return Numbers(rule["multiset:".Length..]) is { } all ? [(null, all)] : null;
        }

        List<(long? Version, IReadOnlyList<long> Numbers)> versions = [];
        foreach (string step in rule.Split(';'))
        {
            Match match = Step().Match(step.Trim());
            if (!match.Success || Numbers(match.Groups["numbers"].Value) is not { } numbers)
            {
                return null;
            }

            long version = long.Parse(match.Groups["version"].Value, CultureInfo.InvariantCulture);
            IReadOnlyList<long> before = versions.Count == 0 ? [] : versions[^1].Numbers;
            versions.Add((version, match.Groups["operation"].Value switch
            {
                "minus" => [.. before.Except(numbers)],
                "plus" => [.. before, .. numbers],
                _ => numbers,
            }));
        }

        return [.. versions, (null, versions[^1].Numbers)];
    }

    private static List<long>? Numbers(string list)
    {
        List<long> numbers = [];
        foreach (string item in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Match match = Item().Match(item);
            if (!match.Success)
            {
                return null;
            }

            int first = int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture);
            int last = match.Groups["last"].Success ? int.Parse(match.Groups["last"].Value, CultureInfo.InvariantCulture) : first;
            int times = match.Groups["times"].Success ? int.Parse(match.Groups["times"].Value, CultureInfo.InvariantCulture) : 1;
            numbers.AddRange(Enumerable.Repeat(Enumerable.Range(first, last - first + 1), times).SelectMany(range => range).Select(n => (long)n));
        }

        return numbers;
    }

    [GeneratedRegex(@"^v(?<version>\d+)\s*(?<operation>=|minus|plus)\s*\{?(?<numbers>[^}]*)\}?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Step();

    [GeneratedRegex(@"^(?<first>\d+)(\.\.(?<last>\d+))?(\s*x(?<times>\d+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Item();
}
