using System.Text.RegularExpressions;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.Golden;

/// <summary>Tables that a reader must refuse are refused with a typed error that names the reason.</summary>
[Collection(GoldenCollection.Name)]
public sealed partial class GoldenErrorTests(GoldenSet set)
{
    [GoldenTheory(GoldenPart.Errors)]
    [GoldenTables]
    public async Task The_table_is_refused_with_the_reason(GoldenCase table)
    {
        GoldenTable golden = table.Table;
        Func<Task> reading = async () =>
        {
            DeltaTable opened = await set.OpenAsync(golden);
            await TableRows.ReadAsync(opened.ReadAsync());
            long latest = opened.CurrentSnapshot.Version;
            if (Json.Text(golden.Expected, "on") is "cdf" or "changes")
            {
                await TableRows.ReadAsync(opened.ReadChangesAsync(0, latest));
            }
        };

        LakehouseException refused = (await reading.Should().ThrowAsync<LakehouseException>()).Which;
        refused.Message.Should().NotBeNullOrWhiteSpace();
        IReadOnlyList<string> reasons = Reasons(golden);
        if (reasons.Count > 0)
        {
            string message = refused.Message;
            reasons.Should().Contain(
                reason => message.Contains(reason, StringComparison.OrdinalIgnoreCase), "'{0}' should tell one of these reasons", message);
        }

        if (golden.Features?.Any(feature => !KnownFeatures.IsKnown(feature)) == true)
        {
            refused.Should().BeOfType<UnsupportedFeatureException>();
        }
    }

    /// <summary>What of the manifest's reason can be asked of a message: the features, versions and actions in it.</summary>
    private static List<string> Reasons(GoldenTable golden)
    {
        string why = Json.Text(golden.Expected, "why") ?? "";
        IEnumerable<string> features = (golden.Features ?? []).Where(feature => why.Contains(feature, StringComparison.OrdinalIgnoreCase));
        return [.. features, .. Parts().Matches(why).Select(match => match.Groups["part"].Value)];
    }

    [GeneratedRegex(@"(version|commit) (?<part>\d+)|no (?<part>metaData|protocol)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Parts();
}
