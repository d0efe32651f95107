using System.Net;
using Microsoft.AspNetCore.Http;
using Rookery.Api.Service;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class ServiceAccessTests
{
    private const string Key = "a key of more than sixteen characters";

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:8080", null, true)]
    [InlineData("::1", "localhost:8080", "http://localhost:3000", true)]
    [InlineData("10.0.0.7", "127.0.0.1:8080", null, false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "http://evil.example", false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "null", false)]
    [InlineData("127.0.0.1", "evil.example", null, false)]
    public void Without_a_key_only_programs_of_this_machine_come_in(
        string from,
        string host,
        string? origin,
        bool trusted
    )
    {
        var context = Request(from, host, origin);
        Assert.Equal(
            trusted,
            new ServiceAccess(new ServiceKey(Key), openOnLoopback: true).IsTrusted(context)
        );
        Assert.False(
            new ServiceAccess(new ServiceKey(Key), openOnLoopback: false).IsTrusted(context)
        );
    }

    [Fact]
    public void With_the_key_it_does_not_matter_where_one_stands()
    {
        var context = Request("10.0.0.7", "rookery.example", "https://app.example");
        context.Request.Headers.Authorization = $"Bearer {Key}";
        Assert.True(
            new ServiceAccess(new ServiceKey(Key), openOnLoopback: false).IsTrusted(context)
        );
        context.Request.Headers.Authorization = $"Bearer {Key}x";
        Assert.False(
            new ServiceAccess(new ServiceKey(Key), openOnLoopback: false).IsTrusted(context)
        );
    }

    private static DefaultHttpContext Request(string from, string host, string? origin)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Host = new HostString(host);
        context.Request.Headers.Origin = origin;
        return context;
    }
}
