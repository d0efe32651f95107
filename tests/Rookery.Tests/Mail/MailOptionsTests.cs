using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Mail;
using Xunit;

namespace Rookery.Tests.Mail;

public sealed class MailOptionsTests
{
    [Fact]
    public void Without_a_server_nothing_need_be_said() => Assert.Null(WrongWith());

    [Theory]
    [InlineData("smtp.example.org", 587)]
    [InlineData("smtp.example.org:2525", 2525)]
    [InlineData("127.0.0.1:25", 25)]
    public void A_server_has_a_port(string smtp, int port)
    {
        Assert.Null(
            WrongWith(("Smtp", smtp), ("From", "a@b.example"), ("Site", "https://b.example"))
        );
        Assert.Equal((smtp.Split(':')[0], port), new MailOptions { Smtp = smtp }.Server);
    }

    [Theory]
    [InlineData("Mail:From", "Smtp=smtp.example.org", "Site=https://b.example")]
    [InlineData("Mail:Site", "Smtp=smtp.example.org", "From=a@b.example")]
    [InlineData("Mail:From", "From=nobody")]
    [InlineData("Mail:From", "From=a@b.example\r\nBcc: c@d.example")]
    [InlineData("Mail:Site", "Site=b.example")]
    [InlineData("Mail:Site", "Site=javascript:alert(1)")]
    [InlineData("Mail:Site", "Site=https://b.example/?a=b")]
    [InlineData(
        "Mail:Smtp",
        "Smtp=smtp.example.org:99999",
        "From=a@b.example",
        "Site=https://b.example"
    )]
    [InlineData("Mail:Smtp", "Smtp=smtp example", "From=a@b.example", "Site=https://b.example")]
    [InlineData("Mail:Tls", "Tls=sometimes")]
    public void What_is_wrong_stops_the_start_and_is_named(string named, params string[] settings)
    {
        var wrong = WrongWith([
            .. settings.Select(one => one.Split('=', 2)).Select(one => (one[0], one[1])),
        ]);
        Assert.Contains(named, wrong, StringComparison.Ordinal);
    }

    private static string? WrongWith(params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        settings.Select(one =>
                            KeyValuePair.Create<string, string?>($"Mail:{one.Name}", one.Value)
                        )
                    )
                    .Build()
            )
            .AddMail()
            .BuildServiceProvider();
        try
        {
            _ = services.GetRequiredService<IOptions<MailOptions>>().Value;
            return null;
        }
        catch (OptionsValidationException fault)
        {
            return fault.Message;
        }
    }
}
