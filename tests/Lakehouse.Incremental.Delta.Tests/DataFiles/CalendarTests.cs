using CsCheck;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class CalendarTests
{
    [Fact]
    public void Dates_agree_with_the_platform_where_it_has_them()
    {
        int first = DateOnly.MinValue.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        Gen.Int[0, DateOnly.MaxValue.DayNumber].Sample(number =>
            Calendar.FormatDate(first + number) == DateOnly.FromDayNumber(number).ToString("yyyy-MM-dd")
                && Calendar.ParseDate(Calendar.FormatDate(first + number)) == first + number);
    }

    [Fact]
    public void Timestamps_agree_with_the_platform_where_it_has_them()
    {
        Gen.Long[DateTime.MinValue.Ticks / 10, DateTime.MaxValue.Ticks / 10].Sample(static micros =>
            Calendar.FormatTimestamp(micros - (DateTime.UnixEpoch.Ticks / 10), instant: true) == new DateTime(micros * 10)
                .ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"));
    }

    [Fact]
    public void Every_day_and_microsecond_comes_back()
    {
        Gen.Int.Sample(static day => Calendar.ParseDate(Calendar.FormatDate(day)) == day);
        Gen.Select(Gen.Long, Gen.Bool)
            .Sample(static (micros, instant) => Calendar.ParseTimestamp(Calendar.FormatTimestamp(micros, instant)) == micros);
        new[] { long.MinValue, long.MaxValue }.Should()
            .OnlyContain(static micros => Calendar.ParseTimestamp(Calendar.FormatTimestamp(micros, true)) == micros);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("T")]
    [InlineData("1970-01")]
    [InlineData("1970-13-01")]
    [InlineData("1970-00-01")]
    [InlineData("2023-02-29")]
    [InlineData("x970-01-01")]
    [InlineData("1970-01-01T")]
    [InlineData("1970-01-01T12")]
    public void Texts_that_are_no_time_are_refused_as_such(string text) =>
        FluentActions.Invoking(() => Calendar.ParseTimestamp(text)).Should().Throw<FormatException>();

    [Theory]
    [InlineData(2_932_897, "+10000-01-01")]
    [InlineData(-719_163, "0000-12-31")]
    [InlineData(-719_529, "-0001-12-31")]
    public void Years_before_1_and_after_9999_have_a_text(int days, string text)
    {
        Calendar.FormatDate(days).Should().Be(text);
        Calendar.ParseDate(text).Should().Be(days);
    }
}
