using System.ComponentModel.DataAnnotations;
using Rookery.Telemetry;
using Xunit;

namespace Rookery.Tests.Telemetry;

public sealed class TelemetryOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters!")]
    public void A_key_is_long_or_not_there(string key) =>
        Assert.Empty(WrongIn(new TelemetryOptions { Key = key }));

    [Theory]
    [InlineData("fifteen-letters")]
    [InlineData("a space in its middle")]
    [InlineData("sixteen-letterß!")]
    [InlineData("sixteen-letters!\n")]
    public void Another_is_refused_and_stands_in_no_message(string key)
    {
        var wrong = Assert.Single(WrongIn(new TelemetryOptions { Key = key }));
        Assert.Contains("Metrics:Key must have 16 or more", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain(key, wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:4318", true)]
    [InlineData("https://collector.example/otlp", true)]
    [InlineData("127.0.0.1:4318", false)]
    [InlineData("grpc://127.0.0.1:4317", false)]
    [InlineData("http://a:b@127.0.0.1:4318", false)]
    public void A_collector_is_named_by_where_it_listens(string otlp, bool isRight) =>
        Assert.Equal(isRight, !WrongIn(new TelemetryOptions { Otlp = otlp }).Any());

    private static IEnumerable<string> WrongIn(TelemetryOptions options) =>
        options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage!);
}
