using System.Security.Cryptography.X509Certificates;
using Rookery.TestKit.Servers;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

public sealed class TlsTests
{
    private static CancellationToken Stop => Clients.Stop;

    [Fact]
    public async Task An_encrypted_connection_is_made_to_the_server_whose_certificate_is_trusted()
    {
        await using var server = await RedisServer.StartAsync(
            Stop,
            new RedisSetup("secret", Tls: true)
        );
        using var authority = X509CertificateLoader.LoadCertificateFromFile(server.CertificateFile);
        await using (
            var client = await ConnectAsync(server, new WireTls { Authorities = [authority] })
        )
        {
            var batch = new RedisBatch();
            for (var i = 0; i < 2000; i++)
            {
                batch.Add("SET", $"k{i}", new string('v', 100));
                batch.Add("GET", $"k{i}");
            }

            await client.SendAsync(batch, Stop);
            for (var i = 0; i < batch.Count; i += 2)
            {
                Assert.True(batch[i].OrThrow().IsOk);
                Assert.Equal(100, batch[i + 1].OrThrow().Bytes.Length);
            }
        }

        await FailsAsync(server, new WireTls(), "cannot be connected to");
        await FailsAsync(
            server,
            new WireTls { Authorities = [authority], ServerName = "elsewhere.example" },
            "cannot be connected to"
        );
        await FailsAsync(server, null, $"{server.Endpoint()}");
    }

    [Fact]
    public async Task A_server_that_waits_for_a_command_is_said_to_have_no_TLS()
    {
        // What comes is no command, whatever bytes it has.
        await using var server = new FakeServer(async peer =>
        {
            while (await peer.LineAsync() is not null) { }
        });
        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(() =>
            RedisClient.ConnectAsync(
                new RedisOptions
                {
                    Nodes = [server.Endpoint],
                    Tls = new WireTls(),
                    ConnectTimeout = TimeSpan.FromMilliseconds(300),
                },
                Stop
            )
        );
        Assert.Contains("does it have TLS at this port?", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_certificate_is_shown_it()
    {
        await using var server = await RedisServer.StartAsync(
            Stop,
            new RedisSetup("secret", Tls: true)
        );
        await server.AskAsync(Stop, "config", "set", "tls-auth-clients", "yes");
        using var authority = X509CertificateLoader.LoadCertificateFromFile(server.CertificateFile);
        using var shown = X509Certificate2.CreateFromPemFile(
            server.CertificateFile,
            Path.Combine(server.Folder, "key.pem")
        );
        var tls = new WireTls { Authorities = [authority], ClientCertificate = shown };
        await using var client = await ConnectAsync(server, tls);
        Assert.True(
            (await client.SendAsync(RedisCommand.Of("SET", "k", "v"), Stop)).OrThrow().IsOk
        );
        await FailsAsync(server, new WireTls { Authorities = [authority] }, $"{server.Endpoint()}");
    }

    [Fact]
    public async Task A_server_that_does_not_encrypt_is_named()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LineAsync();
            await peer.SendAsync("-ERR Protocol error\r\n");
        });
        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(() =>
            RedisClient.ConnectAsync(
                new RedisOptions { Nodes = [server.Endpoint], Tls = new WireTls() },
                Stop
            )
        );
        Assert.Contains(
            $"{server.Endpoint} cannot be connected to",
            thrown.Message,
            StringComparison.Ordinal
        );
    }

    private static async Task FailsAsync(RedisServer server, WireTls? tls, string why)
    {
        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(() =>
            ConnectAsync(server, tls)
        );
        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
    }

    private static Task<RedisClient> ConnectAsync(RedisServer server, WireTls? tls) =>
        RedisClient.ConnectAsync(
            new RedisOptions
            {
                Nodes = [server.Endpoint()],
                Password = "secret",
                Tls = tls,
                ConnectTimeout = TimeSpan.FromSeconds(2),
            },
            Stop
        );
}
