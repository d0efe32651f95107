using System.Globalization;
using Rookery.Server.Commands.Import;
using Xunit;

namespace Rookery.Tests.Commands;

public sealed class ImportDateTests
{
    [Theory]
    [InlineData("2017-08-27T00:05:34Z", "2017-08-27T00:05:34.000Z")]
    [InlineData("2017-08-27T00:05:34.125+02:00", "2017-08-26T22:05:34.125Z")]
    [InlineData("2017-08-27T00:05:34", "2017-08-27T00:05:34.000Z")]
    [InlineData("2017-08-27 00:05:34", "2017-08-27T00:05:34.000Z")]
    [InlineData(" 2017-08-27 ", "2017-08-27T00:00:00.000Z")]
    [InlineData("8/7/17 0:05", "2017-08-07T00:05:00.000Z")]
    [InlineData("10/16/2017 22:59", "2017-10-16T22:59:00.000Z")]
    [InlineData("Sun Aug 27 00:05:34 +0000 2017", "2017-08-27T00:05:34.000Z")]
    [InlineData("Sun Aug 27 00:05:34 +0200 2017", "2017-08-26T22:05:34.000Z")]
    [InlineData("1503792334", "2017-08-27T00:05:34.000Z")]
    [InlineData("1503792334125", "2017-08-27T00:05:34.125Z")]
    public void Dates_are_read_as_exports_write_them(string text, string utc)
    {
        Assert.True(ImportDate.TryParse(text, out var date));
        Assert.Equal(
            utc,
            date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2017-13-01")]
    [InlineData("-5")]
    [InlineData("99999999999999999")]
    [InlineData("99999999999999999999999999")]
    public void What_is_no_date_is_refused(string? text) =>
        Assert.False(ImportDate.TryParse(text, out _));
}
