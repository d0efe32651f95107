using System.Globalization;
using Rookery.Notifications;
using Xunit;

namespace Rookery.Tests.Notifications;

public sealed class ReaderHoursTests
{
    private static readonly HashSet<string> _none = [];

    [Theory]
    [InlineData(
        "Europe/Berlin",
        null,
        8,
        "2026-06-01T05:59:00Z",
        "2026-06-01T06:00:00Z",
        "2026-06-01"
    )]
    [InlineData(
        "Europe/Berlin",
        null,
        8,
        "2026-06-01T06:00:00Z",
        "2026-06-01T06:00:00Z",
        "2026-06-01"
    )]
    [InlineData(
        "Europe/Berlin",
        null,
        8,
        "2026-06-01T06:00:01Z",
        "2026-06-02T06:00:00Z",
        "2026-06-02"
    )]
    [InlineData(
        "Pacific/Kiritimati",
        null,
        8,
        "2026-06-01T19:00:00Z",
        "2026-06-02T18:00:00Z",
        "2026-06-03"
    )]
    [InlineData(
        "",
        DayOfWeek.Monday,
        9,
        "2026-11-30T08:00:00Z",
        "2026-11-30T09:00:00Z",
        "2026-W49"
    )]
    [InlineData(
        "",
        DayOfWeek.Monday,
        9,
        "2026-11-30T09:01:00Z",
        "2026-12-07T09:00:00Z",
        "2026-W50"
    )]
    [InlineData(
        "",
        DayOfWeek.Sunday,
        0,
        "2026-12-31T09:01:00Z",
        "2027-01-03T00:00:00Z",
        "2026-W53"
    )]
    // Clocks are put forward over this hour, and back over that.
    [InlineData(
        "Europe/Berlin",
        null,
        2,
        "2026-03-29T00:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-03-29"
    )]
    [InlineData(
        "Europe/Berlin",
        null,
        2,
        "2026-10-25T00:00:00Z",
        "2026-10-25T00:00:00Z",
        "2026-10-25"
    )]
    [InlineData(
        "Nowhere/At_All",
        null,
        8,
        "2026-06-01T05:00:00Z",
        "2026-06-01T08:00:00Z",
        "2026-06-01"
    )]
    public void A_digest_is_due_at_the_hour_by_the_clocks_of_its_reader(
        string zone,
        DayOfWeek? day,
        int hour,
        string now,
        string at,
        string period
    ) =>
        Assert.Equal(
            new DigestTime(Moment(at), period),
            Hours(zone, day, hour).NextDigest(Moment(now), _none)
        );

    [Fact]
    public void A_period_that_had_its_digest_gets_none()
    {
        var morning = Moment("2026-11-30T06:00:00Z");
        Assert.Equal(
            new DigestTime(Moment("2026-12-01T20:00:00Z"), "2026-12-01"),
            Hours("", null, 20).NextDigest(morning, new HashSet<string> { "2026-11-30" })
        );
        Assert.Equal(
            new DigestTime(Moment("2026-12-11T20:00:00Z"), "2026-W50"),
            Hours("", DayOfWeek.Friday, 20)
                .NextDigest(morning, new HashSet<string> { "2026-W49", "2026-11-30" })
        );
    }

    [Fact]
    public void In_two_years_of_every_zone_no_day_is_without_and_none_has_two()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var hours = Hours(zone.Id, null, 2);
            var had = new HashSet<string>();
            var now = Moment("2026-01-01T12:00:00Z");
            for (var days = 0; days < 731; days++)
            {
                var next = hours.NextDigest(now, had);
                Assert.InRange(next.At - now, TimeSpan.Zero, TimeSpan.FromHours(36));
                Assert.True(had.Add(next.Period));
                now = next.At.AddSeconds(1);
            }
        }
    }

    private static ReaderHours Hours(string zone, DayOfWeek? day, int hour) =>
        new(zone, default, default, day, hour);

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
