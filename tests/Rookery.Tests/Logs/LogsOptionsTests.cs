using System.ComponentModel.DataAnnotations;
using Rookery.Adapters.Logs;
using Xunit;

namespace Rookery.Tests.Logs;

/// <summary>Which places for lines are taken, and what is said of the others.</summary>
public sealed class LogsOptionsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("tcp://127.0.0.1:514", "")]
    [InlineData("tls://logs.example:6514", "")]
    public void What_is_right_is_taken(string syslog, string authorities) =>
        Assert.Empty(WrongIn(syslog, authorities));

    [Theory]
    [InlineData(
        "udp://127.0.0.1:514",
        "",
        "Logs:Syslog must be like tcp://127.0.0.1:514, or tls://"
    )]
    [InlineData("tls://logs.example", "", "Logs:Syslog must be like")]
    [InlineData("tls://a:b@logs.example:6514", "", "Logs:Syslog must be like")]
    [InlineData("tcp://127.0.0.1:514", "/no/such", "Logs:SyslogTlsAuthorities is for tls://")]
    [InlineData("", "/no/such", "Logs:SyslogTlsAuthorities is for tls://")]
    [InlineData("tls://logs.example:6514", "/no/such", "Logs:SyslogTlsAuthorities: '/no/such'")]
    [InlineData("tls://logs.example:6514", "/dev/null", "holds no certificate")]
    public void What_is_wrong_is_named(string syslog, string authorities, string said) =>
        Assert.Contains(
            WrongIn(syslog, authorities),
            wrong => wrong.Contains(said, StringComparison.Ordinal)
        );

    private static List<string> WrongIn(string syslog, string authorities)
    {
        var options = new LogsOptions { Syslog = syslog, SyslogTlsAuthorities = authorities };
        return
        [
            .. options
                .Validate(new ValidationContext(options))
                .Select(wrong => wrong.ErrorMessage!),
        ];
    }
}
