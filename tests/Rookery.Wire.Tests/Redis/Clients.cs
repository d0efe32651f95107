using Rookery.Wire.Redis;

namespace Rookery.Wire.Tests.Redis;

internal static class Clients
{
    public static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    public static Task<RedisClient> ConnectAsync(
        FakeServer server,
        TimeProvider? time = null,
        Action<RedisSource>? opened = null
    ) => RedisClient.ConnectAsync(Options(time, opened, server.Endpoint), Stop);

    public static RedisOptions Options(
        TimeProvider? time = null,
        Action<RedisSource>? opened = null,
        params WireEndpoint[] nodes
    ) =>
        new()
        {
            Nodes = nodes,
            Time = time ?? TimeProvider.System,
            // Where time is real, a busy machine may take its own: what is tested is not whether it is quick.
            ConnectTimeout = TimeSpan.FromSeconds(time is null ? 30 : 3),
            SourceOpened = opened,
        };

    /// <summary>Until a command is answered again, as after a broken connection.</summary>
    public static async Task<RedisReply> AnsweredAsync(this RedisClient client, string key)
    {
        RedisReply reply = default;
        await TestKit.Wait.UntilAsync(
            async () =>
            {
                reply = await client.SendAsync(RedisCommand.Of("GET", key), Stop);
                return reply.Failure is null;
            },
            () => $"an answer: {reply.Failure?.Message}",
            Stop
        );
        return reply;
    }
}
