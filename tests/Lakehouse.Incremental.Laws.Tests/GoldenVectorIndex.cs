using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Lakehouse.Incremental.Laws.Tests.Vectors;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>Which tests prove which golden vector of the semantics (section 2.44). Names of sets of events are cases of <see cref="GoldenVectors"/>.</summary>
public sealed partial class GoldenVectorIndex
{
    private const int Count = 30;

    public static TheoryData<int, string> Proofs
    {
        get
        {
            IEnumerable<string> facts = typeof(GoldenVectorIndex).Assembly.GetTypes()
                .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)).Select(m => m.Name);
            (int Number, string Name)[] proofs =
            [
                .. facts.Concat(GoldenVectorSet.All.Select(v => v.Name)).Select(name => (NumberOf(name), name)).Where(p => p.Item1 > 0)
                    .OrderBy(p => p.Item1).ThenBy(p => p.name, StringComparer.Ordinal),
            ];
            TheoryData<int, string> data = [];
            foreach (int number in Enumerable.Range(1, Count))
            {
                data.Add(number, string.Join(", ", proofs.Where(p => p.Number == number).Select(p => p.Name)));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public void A_golden_vector_is_proven_by(int number, string names) => names.Should().NotBeEmpty($"G{number} must be proven");

    private static int NumberOf(string name) =>
        Numbered().Match(name) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^G([0-9]+)_")]
    private static partial Regex Numbered();
}
