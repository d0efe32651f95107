using Xunit;

namespace Rookery.Wire.Tests;

public sealed class WireEndpointTests
{
    [Theory]
    [InlineData("localhost:6379", "localhost", 6379)]
    [InlineData("10.0.0.1:1", "10.0.0.1", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    [InlineData("redis-1.example:6379", "redis-1.example", 6379)]
    public void An_endpoint_is_a_host_and_a_port(string text, string host, int port)
    {
        var endpoint = WireEndpoint.Parse(text);
        Assert.Equal(new WireEndpoint(host, port), endpoint);
        Assert.Equal(text, $"{endpoint}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData(":6379")]
    [InlineData("localhost:")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:+1")]
    [InlineData("::1:6379")]
    [InlineData("[]:6379")]
    public void Everything_else_is_none(string text)
    {
        Assert.False(WireEndpoint.TryParse(text, out _));
        var thrown = Assert.Throws<FormatException>(() => WireEndpoint.Parse(text));
        Assert.Equal($"'{text}' is not host:port.", thrown.Message);
    }

    [Theory]
    [InlineData("::1:6379", "::1", 6379)]
    [InlineData("127.0.0.1:6379", "127.0.0.1", 6379)]
    [InlineData(":6379", "", 6379)]
    [InlineData("?:6379", "?", 6379)]
    public void Redis_announces_addresses_without_brackets(string text, string host, int port)
    {
        Assert.True(WireEndpoint.TryParseAnnounced(text, out var endpoint));
        Assert.Equal(new WireEndpoint(host, port), endpoint);
    }
}
