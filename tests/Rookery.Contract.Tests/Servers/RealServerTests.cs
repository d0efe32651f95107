using System.Diagnostics;
using Npgsql;
using RabbitMQ.Client;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Servers;

/// <summary>The servers that other tests stand on: each starts, answers, can be killed, frozen and started again.</summary>
public sealed class RealServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_PostgreSQL_comes_back_with_what_was_committed()
    {
        await using var server = await PostgresServer.StartAsync(Stop);
        var database = await server.CreateDatabaseAsync(Stop);
        await ExecuteAsync(database, "CREATE TABLE kept AS SELECT 7 AS number");
        await IsKilledAndBackAsync(server);
        Assert.Equal(7, await ExecuteAsync(database, "SELECT number FROM kept"));
    }

    [Fact]
    public async Task A_replica_of_PostgreSQL_follows_and_is_promoted()
    {
        await using var primary = await PostgresServer.StartAsync(Stop);
        await using var replica = await primary.StartReplicaAsync(Stop);
        var database = await primary.CreateDatabaseAsync(Stop);
        await ExecuteAsync(database, "CREATE TABLE kept AS SELECT 7 AS number");
        var copy = new NpgsqlConnectionStringBuilder(database) { Port = replica.Port };
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return await ExecuteAsync(copy.ConnectionString, "SELECT number FROM kept")
                        is 7;
                }
                catch (PostgresException)
                {
                    return false;
                }
            },
            () => $"the replica has the row\n{replica.Output}",
            Stop
        );
        await primary.KillAsync();
        await replica.PromoteAsync(Stop);
        await ExecuteAsync(copy.ConnectionString, "INSERT INTO kept VALUES (8)");
    }

    [Fact]
    public async Task A_Redis_is_killed_and_comes_back_empty()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        Assert.Equal("OK", await server.AskAsync(Stop, "set", "key", "value"));
        await IsKilledAndBackAsync(server);
        Assert.Equal("", await server.AskAsync(Stop, "get", "key"));
    }

    [Fact]
    public async Task A_Redis_with_password_and_TLS_answers_who_has_both()
    {
        await using var server = await RedisServer.StartAsync(
            Stop,
            new RedisSetup("secret", Tls: true)
        );
        Assert.Equal("OK", await server.AskAsync(Stop, "set", "key", "value"));
    }

    [Fact]
    public async Task A_frozen_Redis_answers_again_when_it_goes_on()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await server.StopAsync();
        var asking = server.AskAsync(Stop, "ping");
        Assert.Contains("State:\tT", StatusOf(server), StringComparison.Ordinal);
        Assert.False(asking.IsCompleted);
        await server.ContinueAsync();
        Assert.Equal("PONG", await asking);
    }

    [Fact]
    public async Task A_Redis_Cluster_goes_on_with_the_replica_of_a_killed_master()
    {
        await using var cluster = await RedisCluster.StartAsync(Stop);
        var master = await cluster.MasterOfAsync("key", Stop);
        var replica = await cluster.ReplicaOfAsync(master, Stop);
        await RedisCluster.FailoverAsync(replica, Stop);
        await cluster.SettledAsync(Stop);
        Assert.Same(replica, await cluster.MasterOfAsync("key", Stop));

        await replica.KillAsync();
        await Wait.UntilAsync(
            () => RedisCluster.IsMasterAsync(master, Stop),
            () => $"the replica is elected\n{master.Output}",
            Stop
        );
        await replica.RestartAsync(Stop);
        await cluster.SettledAsync(Stop);
    }

    [Fact]
    public async Task A_memcached_is_killed_and_comes_back()
    {
        await using var server = await MemcachedServer.StartAsync(Stop);
        await IsKilledAndBackAsync(server);
    }

    [Fact]
    public async Task A_killed_RabbitMQ_comes_back_with_what_was_confirmed()
    {
        await using var server = await RabbitMqServer.StartAsync(Stop);
        await InChannelAsync(
            server,
            async channel =>
            {
                await channel.QueueDeclareAsync(
                    "kept",
                    durable: true,
                    exclusive: false,
                    autoDelete: false,
                    // Not a quorum queue: of those it writes down the names late, and one that is newer has no leader after a SIGKILL.
                    cancellationToken: Stop
                );
                await channel.BasicPublishAsync(
                    "",
                    "kept",
                    mandatory: true,
                    new BasicProperties { Persistent = true },
                    new byte[] { 7 },
                    Stop
                );
            }
        );
        Assert.Contains(
            "kept",
            await server.ControlAsync(Stop, "list_queues"),
            StringComparison.Ordinal
        );
        // The queue itself is written down a moment after it is there; this waits for it.
        await server.ControlAsync(Stop, "eval", "mnesia:sync_log().");
        await IsKilledAndBackAsync(server);
        await InChannelAsync(
            server,
            async channel => Assert.NotNull(await channel.BasicGetAsync("kept", true, Stop))
        );
    }

    [Fact]
    public async Task A_missing_program_names_the_package_that_has_it()
    {
        var user = new ServerUser("no-such-package", "nobody");
        using var folder = new TemporaryFolder();
        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() =>
            user.RunAsync(folder.Path, "no-such-program", [], Stop)
        );
        Assert.Contains("apt-get install", missing.Message, StringComparison.Ordinal);
        Assert.EndsWith(" no-such-package", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_process_ends_at_once_says_what_it_printed()
    {
        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            MemcachedServer.StartAsync(Stop, "--no-such-option")
        );
        Assert.Contains("no-such-option", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_test_began_ends_with_the_test_however_that_ends()
    {
        await using var server = new ChildProcess(new ProcessStartInfo("sleep", ["1000"]));
        using var watchdog = Watchdog.OverProcess(server.Id);
        watchdog.LetGo();
        await server.EndAsync(Stop);
    }

    private static async Task IsKilledAndBackAsync(RealServer server)
    {
        Assert.True(await server.AnswersAsync(Stop));
        var (port, process) = (server.Port, server.ProcessId);
        await server.KillAsync();
        Assert.False(server.IsRunning);
        Assert.False(await server.AnswersAsync(Stop));
        await server.RestartAsync(Stop);
        Assert.True(await server.AnswersAsync(Stop));
        Assert.Equal(port, server.Port);
        Assert.NotEqual(process, server.ProcessId);
    }

    private static async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop);
    }

    private static async Task InChannelAsync(RabbitMqServer server, Func<IChannel, Task> work)
    {
        await using var connection = await new ConnectionFactory
        {
            Uri = server.Uri,
        }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true),
            Stop
        );
        await work(channel);
    }

    private static string StatusOf(RealServer server) =>
        File.ReadAllText($"/proc/{server.ProcessId}/status");
}
