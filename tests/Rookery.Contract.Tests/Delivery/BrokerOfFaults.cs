using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>A broker that the tests of one class may do anything to.</summary>
internal sealed class BrokerOfFaults : IAsyncDisposable
{
    private readonly Lazy<Task<RabbitMqServer>> _server = new(() =>
        RabbitMqServer.StartAsync(CancellationToken.None)
    );

    public static async Task<RabbitMqServer> ServerAsync()
    {
        var broker = await TestContext.Current.GetFixture<BrokerOfFaults>();
        return await broker!._server.Value;
    }

    public static async Task<string> UriAsync() => (await ServerAsync()).Uri.OriginalString;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
