using Rookery.Notifications;
using Xunit;

namespace Rookery.Tests.Notifications;

/// <summary>When quiet hours end, in places whose clocks change at odd times, and never.</summary>
public sealed class QuietHoursTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("2026-06-01T20:00:00Z", "2026-06-02T05:00:00Z")] // 22:00 in Berlin, when they begin
    [InlineData("2026-06-01T19:59:59Z", null)]
    [InlineData("2026-06-02T04:59:59Z", "2026-06-02T05:00:00Z")]
    [InlineData("2026-06-02T05:00:00Z", null)]
    [InlineData("2026-06-02T12:00:00Z", null)]
    [InlineData("2026-03-28T22:30:00Z", "2026-03-29T05:00:00Z")] // a night that is an hour shorter
    [InlineData("2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z")] // and one that is an hour longer
    public void Over_midnight_they_end_by_the_clocks_of_the_place(string moment, string? end) =>
        AssertEnds(Hours("Europe/Berlin", "22:00", "07:00"), moment, end);

    [Theory]
    [InlineData("2026-06-01T11:00:00Z", "2026-06-01T12:00:00Z")]
    [InlineData("2026-06-01T10:29:00Z", null)]
    public void Within_a_day_too(string moment, string? end) =>
        AssertEnds(Hours("UTC", "10:30", "12:00"), moment, end);

    /// <summary>Berlin has 02:00 to 03:00 twice on 25 October 2026, and not at all on 29 March.</summary>
    [Theory]
    [InlineData("01:00", "02:30", "2026-10-25T00:40:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("01:00", "02:30", "2026-10-25T01:20:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("01:00", "02:30", "2026-10-25T01:30:00Z", null)]
    [InlineData("02:30", "04:00", "2026-10-25T00:30:00Z", "2026-10-25T03:00:00Z")]
    [InlineData("01:00", "02:30", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("02:30", "04:00", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z")]
    [InlineData("02:10", "02:50", "2026-03-29T01:00:00Z", null)]
    public void What_clocks_show_twice_is_quiet_both_times_and_what_they_leave_out_is_nothing(
        string from,
        string to,
        string moment,
        string? end
    ) => AssertEnds(Hours("Europe/Berlin", from, to), moment, end);

    [Fact]
    public void None_end_never()
    {
        Assert.Null(QuietHours.None.EndsAfter(TimeProvider.System.GetUtcNow()));
        Assert.Null(Hours("UTC", "10:00", "10:00").EndsAfter(Moment("2026-06-01T10:00:00Z")));
    }

    [Theory]
    [InlineData("Europe/Berlin", "22:00", "07:00")]
    [InlineData("Europe/Berlin", "02:15", "02:45")]
    [InlineData("Australia/Lord_Howe", "23:30", "01:45")] // half an hour
    [InlineData("America/Sao_Paulo", "00:00", "08:00")]
    [InlineData("Pacific/Apia", "21:00", "06:00")]
    [InlineData("Asia/Kathmandu", "13:00", "14:00")]
    [InlineData("UTC", "00:30", "00:00")]
    public void At_every_hour_of_a_year_they_end_soon_and_then_something_may_come(
        string zone,
        string from,
        string to
    )
    {
        var hours = Hours(zone, from, to);
        var clocks = hours.Zone!;
        var longest = TimeSpan.FromHours(25);
        var year = Moment("2026-01-01T00:00:00Z");
        for (var moment = year; moment < year.AddDays(366); moment += Step)
        {
            if (hours.EndsAfter(moment) is not { } end)
            {
                continue;
            }

            Assert.InRange(end - moment, TimeSpan.FromTicks(1), longest);
            Assert.Null(hours.EndsAfter(end));
            var local = TimeZoneInfo.ConvertTime(end, clocks);
            Assert.True(
                TimeOnly.FromTimeSpan(local.TimeOfDay) == hours.To
                    || clocks.IsInvalidTime(local.DateTime.Date + hours.To.ToTimeSpan()),
                $"{moment:O} ends {local:O}"
            );
        }
    }

    private static void AssertEnds(QuietHours hours, string moment, string? end) =>
        Assert.Equal(end is null ? null : Moment(end), hours.EndsAfter(Moment(moment)));

    private static QuietHours Hours(string zone, string from, string to) =>
        new(Time(from), Time(to), TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static TimeOnly Time(string text) =>
        TimeOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
