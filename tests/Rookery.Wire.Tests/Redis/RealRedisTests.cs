using System.Text;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Wire.Redis;
using Rookery.Wire.Resp;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

/// <summary>The same against a real Redis.</summary>
public sealed class RealRedisTests
{
    private static CancellationToken Stop => Clients.Stop;

    [Fact]
    public async Task Entries_of_bytes_are_pushed_trimmed_and_read_in_pipelines()
    {
        await using var client = await RealServers.ConnectToSharedAsync();
        var entries = Enumerable.Range(0, 1000).Select(Entry).ToList();
        byte[] list = [.. "pipelines:"u8, 0, 255, 13, 10];
        var batch = new RedisBatch();
        batch.Add("DEL", list);
        batch.Add("LPUSHX", list, entries[0]);
        batch.Add("RPUSH", list, entries[0]);
        foreach (var entry in entries.Skip(1))
        {
            batch.Add("LPUSHX", list.AsSpan(), entry.AsSpan());
        }

        await client.SendAsync(batch, Stop);
        Assert.Equal(0, batch[1].OrThrow().AsInteger());
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(i + 1, batch[i + 2].OrThrow().AsInteger());
        }

        var range = await client.SendAsync(RedisCommand.Of("LRANGE", list, 0, 50), Stop);
        var at = 999;
        foreach (var item in range.OrThrow())
        {
            Assert.Equal(entries[at--], item.Span);
        }

        Assert.Equal(51, range.Value.Count);
        Assert.Equal(entries[989], range.Value[10].Bytes.ToArray());
    }

    [Fact]
    public async Task A_transaction_runs_when_nothing_watched_was_changed()
    {
        await using var client = await RealServers.ConnectToSharedAsync();
        RedisArg token = "{watched}t";
        RedisArg list = "{watched}l";
        var reads = new RedisBatch();
        reads.Add("GET", token);
        reads.Add("LINDEX", list, -1);
        await using var transaction = await client.WatchAsync([token], reads, Stop);
        Assert.True(reads[0].OrThrow().IsNull);
        Assert.True(reads[1].OrThrow().IsNull);

        var writes = new RedisBatch();
        writes.Add("SET", token, "T", "PX", 60_000);
        writes.Add("DEL", list);
        writes.Add("RPUSH", list, Entry(0));
        writes.Add("PEXPIRE", list, 60_000);
        Assert.True(await transaction.ExecuteAsync(writes, Stop));
        Assert.True(writes[0].OrThrow().IsOk);
        Assert.Equal(0, writes[1].OrThrow().AsInteger());
        Assert.Equal(1, writes[2].OrThrow().AsInteger());
        Assert.Equal(1, writes[3].OrThrow().AsInteger());
    }

    [Fact]
    public async Task A_transaction_is_a_conflict_when_a_watched_key_was_changed()
    {
        await using var client = await RealServers.ConnectToSharedAsync();
        await using (var transaction = await client.WatchAsync(["raced"], null, Stop))
        {
            (await client.SendAsync(RedisCommand.Of("SET", "raced", "theirs"), Stop)).OrThrow();
            var writes = new RedisBatch();
            writes.Add("SET", "raced", "ours");
            Assert.False(await transaction.ExecuteAsync(writes, Stop));
        }

        var reply = await client.SendAsync(RedisCommand.Of("GET", "raced"), Stop);
        Assert.Equal("theirs", reply.OrThrow().AsText());
    }

    [Fact]
    public async Task A_transaction_that_was_left_watches_nothing_for_the_next()
    {
        await using var client = await RealServers.ConnectToSharedAsync();
        await (await client.WatchAsync(["left"], null, Stop)).DisposeAsync();
        (await client.SendAsync(RedisCommand.Of("SET", "left", "changed"), Stop)).OrThrow();
        await using var next = await client.WatchAsync(["other"], null, Stop);
        var writes = new RedisBatch();
        writes.Add("SET", "other", "v");
        Assert.True(await next.ExecuteAsync(writes, Stop));
    }

    [Fact]
    public async Task Counters_that_many_change_in_transactions_lose_nothing()
    {
        await using var client = await RealServers.ConnectToSharedAsync();
        var conflicts = 0;
        await Parallel.ForAsync(
            0,
            200,
            Stop,
            async (_, stop) =>
            {
                while (!await TryIncrementAsync(client, "counted", stop))
                {
                    Interlocked.Increment(ref conflicts);
                }
            }
        );
        var reply = await client.SendAsync(RedisCommand.Of("GET", "counted"), Stop);
        Assert.Equal(200, reply.OrThrow().AsInteger());
        Assert.True(conflicts > 0, "Nobody was in anybody's way.");
    }

    [Fact]
    public async Task Every_type_of_the_protocol_is_read_from_the_server_itself()
    {
        await using var server = await RedisServer.StartAsync(
            Stop,
            new RedisSetup { Arguments = ["--enable-debug-command", "yes"] }
        );
        await using var client = await server.ConnectAsync();
        (string Type, string Shown)[] types =
        [
            ("string", "bulk(Hello World)"),
            ("integer", "12345"),
            ("double", "double(3.141)"),
            ("bignum", "big(1234567999999999999999999999999999999)"),
            ("null", "null"),
            ("array", "[0,1,2]"),
            ("set", "<0,1,2>"),
            ("map", "{0,false,1,true,2,false}"),
            ("attrib", "bulk(Some real reply following the attribute)"),
            ("verbatim", "verbatim(This is a verbatim\nstring)"),
            ("true", "true"),
            ("false", "false"),
        ];
        foreach (var (type, shown) in types)
        {
            var reply = await client.SendAsync(
                RedisCommand.Keyless("DEBUG", "PROTOCOL", type),
                Stop
            );
            Assert.Equal(shown, Resp.GoldenReplies.Show(reply.Value));
        }
    }

    [Fact]
    public async Task A_large_value_comes_back_as_it_went()
    {
        await using var client = await RealServers.ConnectToSharedAsync();
        var value = new byte[5_000_000];
        new Random(7).NextBytes(value);
        (await client.SendAsync(RedisCommand.Of("SET", "large", value), Stop)).OrThrow();
        var reply = await client.SendAsync(RedisCommand.Of("GET", "large"), Stop);
        Assert.True(reply.OrThrow().Span.SequenceEqual(value));
        await client.SendAsync(RedisCommand.Of("DEL", "large"), Stop);
    }

    [Fact]
    public async Task A_server_with_a_password_lets_in_who_knows_it_and_nobody_else()
    {
        await using var server = await RedisServer.StartAsync(Stop, new RedisSetup("se cret"));
        await using (var client = await ConnectAsync(server, "se cret", null))
        {
            (await client.SendAsync(RedisCommand.Of("SET", "k", "v"), Stop)).OrThrow();
            RedisCommand[] setUp =
            [
                RedisCommand.Keyless(
                    "ACL",
                    "SETUSER",
                    "ann",
                    "on",
                    ">pw",
                    "~*",
                    "+@read",
                    "+hello",
                    "+client|setname"
                ),
            ];
            (await client.SendAsync(setUp[0], Stop)).OrThrow();
        }

        await using (var ann = await ConnectAsync(server, "pw", "ann"))
        {
            Assert.Equal(
                "v",
                (await ann.SendAsync(RedisCommand.Of("GET", "k"), Stop)).OrThrow().AsText()
            );
            var denied = await ann.SendAsync(RedisCommand.Of("SET", "k", "w"), Stop);
            Assert.Equal("NOPERM", Assert.Throws<RespErrorException>(() => denied.OrThrow()).Code);
        }

        var wrong = await Assert.ThrowsAsync<WireUnavailableException>(() =>
            ConnectAsync(server, "wrong", null)
        );
        Assert.Contains("WRONGPASS", wrong.Message, StringComparison.Ordinal);
        var none = await Assert.ThrowsAsync<WireUnavailableException>(() => server.ConnectAsync());
        Assert.Contains("NOAUTH", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_killed_is_found_again_as_another()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await using var client = await server.ConnectAsync();
        var info = RedisCommand.Keyless("INFO", "replication");
        var before = await client.SendAsync(info, Stop);
        await server.KillAsync();
        await Wait.UntilAsync(
            () => Task.FromResult(!before.Source!.IsCurrent),
            () => "the end of the server is noticed",
            Stop
        );
        Assert.True((await client.SendAsync(info, Stop)).Failure!.NeverSent);
        await server.BeginAsync(Stop);
        await client.AnsweredAsync("k");
        var after = await client.SendAsync(info, Stop);
        Assert.NotEqual(before.Source, after.Source);
        Assert.NotEqual(ReplicationId(before), ReplicationId(after));
    }

    [Fact]
    public async Task However_often_connections_are_killed_no_command_is_run_that_was_said_not_to_be()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await using var client = await server.ConnectAsync();
        string[] keys = [.. Enumerable.Range(0, 20).Select(i => $"killed{i}")];
        await using var workload = new CountingWorkload(client, keys, workers: 4);
        for (var i = 1; i <= 40; i++)
        {
            var enough = workload.Acknowledged + 200;
            await Wait.UntilAsync(
                () => Task.FromResult(workload.Acknowledged > enough),
                () => $"commands run again after {i} kills",
                Stop
            );
            await server.AskAsync(Stop, "client", "kill", "type", "normal");
        }

        await workload.EndAsync();
        await client.AnsweredAsync("k");
        foreach (var key in keys)
        {
            var value = await client.SendAsync(RedisCommand.Of("GET", key), Stop);
            var account = workload[key];
            Assert.InRange(
                value.OrThrow().AsInteger(),
                account.Acknowledged,
                account.Acknowledged + account.Unknown
            );
        }

        Assert.True(keys.Sum(key => workload[key].Unknown) > 0, "No kill met a command.");
        Assert.True(keys.Sum(key => workload[key].NotRun) > 0, "No command met an outage.");
    }

    [Fact]
    public async Task A_frozen_server_fails_its_commands_in_time_and_is_found_again()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await using var client = await RedisClient.ConnectAsync(
            new RedisOptions
            {
                Nodes = [server.Endpoint()],
                AnswerTimeout = TimeSpan.FromSeconds(1),
                ConnectTimeout = TimeSpan.FromMilliseconds(500),
            },
            Stop
        );
        await server.StopAsync();
        var batch = new RedisBatch();
        for (var i = 0; i < 100; i++)
        {
            batch.Add("INCR", $"frozen{i}");
        }

        await client.SendAsync(batch, Stop);
        for (var i = 0; i < 100; i++)
        {
            Assert.False(batch[i].Failure!.NeverSent);
        }

        await server.ContinueAsync();
        await client.AnsweredAsync("k");
        // What its kernel had taken is run when it wakes, though the connection was reset: that is why nobody may take them for not run.
        Assert.Equal("100", await server.AskAsync(Stop, "dbsize"));
    }

    private static async Task<bool> TryIncrementAsync(
        RedisClient client,
        string key,
        CancellationToken stop
    )
    {
        var reads = new RedisBatch();
        reads.Add("GET", key);
        await using var transaction = await client.WatchAsync([key], reads, stop);
        var value = reads[0].OrThrow();
        var writes = new RedisBatch();
        writes.Add("SET", key, (value.IsNull ? 0 : value.AsInteger()) + 1);
        return await transaction.ExecuteAsync(writes, stop);
    }

    private static Task<RedisClient> ConnectAsync(
        RedisServer server,
        string password,
        string? user
    ) =>
        RedisClient.ConnectAsync(
            new RedisOptions
            {
                Nodes = [server.Endpoint()],
                User = user,
                Password = password,
            },
            Stop
        );

    private static byte[] Entry(int number) =>
        [.. BitConverter.GetBytes((long)number), .. Encoding.ASCII.GetBytes("\r\n\0abcdef")];

    private static string ReplicationId(in RedisReply reply) =>
        reply
            .OrThrow()
            .AsText()
            .Split("\r\n")
            .Single(line => line.StartsWith("master_replid:", StringComparison.Ordinal));
}
