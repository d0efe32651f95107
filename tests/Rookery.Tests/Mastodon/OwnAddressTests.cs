using Microsoft.AspNetCore.Http;
using Rookery.Api.Mastodon;
using Xunit;

namespace Rookery.Tests.Mastodon;

public sealed class OwnAddressTests
{
    private static readonly HostString Host = new("rookery.example:8443");

    [Theory]
    [InlineData("https://rookery.example:8443/@Ana", "Ana", null)]
    [InlineData("http://ROOKERY.example:8443/@ana/", "ana", null)]
    [InlineData("https://rookery.example/@ana?a=b#c", "ana", null)]
    [InlineData("https://rookery.example:8443/%40ana", "ana", null)]
    [InlineData("https://rookery.example:8443/@ana/42", "ana", 42L)]
    public void A_page_of_the_site_names_an_account_or_a_post(
        string url,
        string username,
        long? post
    )
    {
        var named = OwnAddress.OfUrl(url, Host);
        Assert.Equal((username, post), (named?.Username, named?.Post?.Value));
    }

    [Theory]
    [InlineData("https://elsewhere.example/@ana")]
    [InlineData("https://rookery.example:9999/@ana")]
    [InlineData("https://rookery.example:8443/")]
    [InlineData("https://rookery.example:8443/ana")]
    [InlineData("https://rookery.example:8443/@ana/0")]
    [InlineData("https://rookery.example:8443/@ana/-1")]
    [InlineData("https://rookery.example:8443/@ana/99999999999999999999")]
    [InlineData("https://rookery.example:8443/@ana/42/likes")]
    [InlineData("https://rookery.example:8443/@a%00b")]
    [InlineData("https://rookery.example:8443/@josé")]
    [InlineData("https://[::1/@ana")]
    [InlineData("https://\u202e/@ana")]
    [InlineData("https://")]
    [InlineData("ftp://rookery.example:8443/@ana")]
    [InlineData("@ana")]
    public void Anything_else_names_nothing(string url) => Assert.Null(OwnAddress.OfUrl(url, Host));

    [Theory]
    [InlineData("ana@rookery.example:8443", "ana", true)]
    [InlineData("@Ana@Rookery.Example", "Ana", true)]
    [InlineData("@ana@elsewhere.example", null, true)]
    [InlineData("@ana", null, false)]
    [InlineData("ana", null, false)]
    [InlineData("@", null, false)]
    [InlineData("@@", null, false)]
    [InlineData("mail to ana@rookery.example", null, false)]
    public void An_account_may_be_written_with_its_server(
        string text,
        string? name,
        bool isOnServer
    )
    {
        Assert.Equal(name, OwnAddress.NameIn(text, Host));
        Assert.Equal(isOnServer, OwnAddress.IsOnServer(text));
    }
}
