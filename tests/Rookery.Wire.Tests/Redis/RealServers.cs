using Rookery.TestKit.Servers;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

internal static class RealServers
{
    public static WireEndpoint Endpoint(this RealServer server) => new("127.0.0.1", server.Port);

    public static async Task<RedisClient> ConnectToSharedAsync()
    {
        var servers = await TestContext.Current.GetFixture<SharedServers>();
        return await (await servers!.RedisAsync()).ConnectAsync();
    }

    public static Task<RedisClient> ConnectAsync(
        this RedisServer server,
        Action<RedisSource>? opened = null
    ) => RedisClient.ConnectAsync(Clients.Options(null, opened, server.Endpoint()), Clients.Stop);
}
