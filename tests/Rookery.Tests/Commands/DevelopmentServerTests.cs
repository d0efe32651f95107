using Rookery.Server.Commands;
using Rookery.Server.Composition;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Commands;

public sealed class DevelopmentServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://rookery.example:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    public async Task It_refuses_addresses_that_others_can_reach(string urls)
    {
        using var folder = new TemporaryFolder();
        var settings = new ServeSettings(folder.Path, urls, Dev: true);
        var started = await RookeryServer.StartAsync(settings, Token);

        Assert.False(started.Succeeded);
        Assert.Contains("loopback only", started.Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(1, await ServeCommand.RunAsync(settings, Token));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.0.0.2:0")]
    [InlineData("http://[::1]:0")]
    public async Task It_listens_on_loopback(string urls)
    {
        using var folder = new TemporaryFolder();
        var settings = new ServeSettings(folder.Path, urls, Dev: true);
        var started = await RookeryServer.StartAsync(settings, Token);

        Assert.True(started.Succeeded, started.Succeeded ? "" : started.Problem.Detail);
        await started.Value.DisposeAsync();
    }
}
