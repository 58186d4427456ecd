using Lakehouse.Incremental.Delta.Deleting;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Delta.Tests.Deleting;

public class PredicateTextTests
{
    private static readonly FilterColumn A = Filter.Column("a");

    public static TheoryData<Filter?, string> Cases => new()
    {
        { null, "true" },
        { A.EqualTo(1), "(a = 1)" },
        { A.NotEqualTo(1.5m), "(a <> 1.5)" },
        { A.LessThan(-2L) | A.GreaterThanOrEqualTo(0.5), "((a < -2) OR (a >= 0.5))" },
        { !(A.LessThanOrEqualTo(true) & A.GreaterThan(null)), "(NOT ((a <= true) AND (a > NULL)))" },
        { A.IsNull(), "(a IS NULL)" },
        { A.IsNotNull(), "(a IS NOT NULL)" },
        { A.In("o'x", null), "(a IN ('o''x', NULL))" },
        { A.EqualTo(new byte[] { 1, 255 }), "(a = X'01FF')" },
        { A.EqualTo(new DateOnly(2024, 2, 29)), "(a = DATE '2024-02-29')" },
        { A.EqualTo(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.FromHours(1))), "(a = TIMESTAMP '2024-01-02T02:04:05Z')" },
        { A.EqualTo(new DateTime(2024, 1, 2, 3, 4, 5, 6)), "(a = TIMESTAMP_NTZ '2024-01-02T03:04:05.006')" },
        { Filter.Column("a b`c").IsNull(), "(`a b``c` IS NULL)" },
        { A.In([.. Enumerable.Range(0, 102).Cast<object?>()]), $"(a IN ({string.Join(", ", Enumerable.Range(0, 100))}, ... 2 more))" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_filter_is_written_as_sql(Filter? filter, string text) => PredicateText.Of(filter).Should().Be(text);
}
