using Lakehouse.Incremental.Laws.Tests.Harness;

namespace Lakehouse.Incremental.Laws.Tests.ModelTests;

/// <summary>How much the laws are tried.</summary>
public sealed class CaseNumbersTests
{
    [Fact]
    public void A_usual_run_tries_the_laws_on_more_than_twenty_thousand_histories() => CaseNumbers.Total.Should().BeGreaterThan(20_000);
}
