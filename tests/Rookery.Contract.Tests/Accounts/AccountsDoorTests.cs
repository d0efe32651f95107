using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Http;
using Rookery.Api.Service;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

public sealed class LocalAccountsDoorTests : AccountsDoorContract
{
    private protected override IAccounts DoorOf(ServerInProcess server) =>
        server.Services.GetRequiredService<IAccounts>();
}

public sealed class RemoteAccountsDoorTests : AccountsDoorContract
{
    private const string Setting = "Roles:Accounts:Url";

    private ServerInProcess _server = null!;

    private protected override IAccounts DoorOf(ServerInProcess server)
    {
        _server = server;
        return Remote(
            server.Http.BaseAddress!.ToString(),
            server.Services.GetRequiredService<ServiceKey>().Value
        );
    }

    [Fact]
    public async Task While_one_that_tells_of_deletions_is_away_who_existed_exists_and_nobody_is_let_in()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string?>(World.FastSettings)
        {
            ["Roles:Posts:Url"] = "http://127.0.0.1:1",
        };
        var server = await ServerInProcess.StartAsync(folder.Path, settings, Stop);
        var key = server.Services.GetRequiredService<ServiceKey>().Value;
        using var door = Remote(server.Http.BaseAddress!.ToString(), key);
        var ana = await ClassicClient.SignUpAsync(server.Http, "ana", Stop);
        Assert.Empty(await door.UnknownAsync(new[] { ana.Id }, Stop));
        await server.DisposeAsync();

        Assert.Empty(await door.UnknownAsync(new[] { ana.Id }, Stop));
        await NamesTheSettingAsync(async () =>
            await door.UnknownAsync(new[] { ana.Id, new(77) }, Stop)
        );
        // It may have been locked meanwhile.
        await NamesTheSettingAsync(async () => await door.LocksAsync(new[] { ana.Id }, Stop));
        await NamesTheSettingAsync(async () => await door.AuthenticateAsync(ana.Token, Stop));
        await NamesTheSettingAsync(async () => await door.CardsAsync(new[] { ana.Id }, Stop));
    }

    [Fact]
    public async Task While_one_that_tells_nobody_of_deletions_is_away_nobody_is_believed_to_exist()
    {
        using var folder = new TemporaryFolder();
        var server = await ServerInProcess.StartAsync(folder.Path, World.FastSettings, Stop);
        var key = server.Services.GetRequiredService<ServiceKey>().Value;
        using var door = Remote(server.Http.BaseAddress!.ToString(), key);
        var ana = await ClassicClient.SignUpAsync(server.Http, "ana", Stop);
        Assert.Empty(await door.UnknownAsync(new[] { ana.Id }, Stop));
        await server.DisposeAsync();

        await NamesTheSettingAsync(async () => await door.UnknownAsync(new[] { ana.Id }, Stop));
    }

    [Fact]
    public async Task A_door_that_never_answers_is_waited_for_briefly_and_then_not_asked()
    {
        using var silent = new TcpListener(IPAddress.Loopback, FreePort.Take());
        silent.Start();
        using var door = Remote($"http://{silent.LocalEndpoint}", "a key of the product", 100);
        var one = Stopwatch.StartNew();
        await NamesTheSettingAsync(async () => await door.AuthenticateAsync("token", Stop));
        Assert.InRange(one.Elapsed, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ =>
                    NamesTheSettingAsync(async () => await door.AuthenticateAsync("token", Stop))
                )
        );
        var fault = await NamesTheSettingAsync(async () =>
            await door.AuthenticateAsync("token", Stop)
        );
        Assert.IsType<Polly.CircuitBreaker.BrokenCircuitException>(
            fault.InnerException,
            exactMatch: false
        );
    }

    [Fact]
    public async Task Another_key_is_said_to_be_the_reason()
    {
        using var door = Remote(_server.Http.BaseAddress!.ToString(), "the key of somebody else");
        var fault = await NamesTheSettingAsync(async () =>
            await door.AuthenticateAsync("token", Stop)
        );
        Assert.Contains("Service:Key", fault.InnerException!.Message, StringComparison.Ordinal);
    }

    private static RemoteAccounts Remote(string url, string key, int timeout = 2_000) =>
        new(
            Options.Create(new AccountsDoorOptions { Url = url }),
            Options.Create(new DoorOptions { TimeoutMilliseconds = timeout }),
            new ServiceKey(key),
            TimeProvider.System,
            NullLogger<RemoteAccounts>.Instance
        );

    private static async Task<StoreUnavailableException> NamesTheSettingAsync(Func<Task> ask)
    {
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(ask);
        Assert.Contains(Setting, fault.Message, StringComparison.Ordinal);
        return fault;
    }
}
