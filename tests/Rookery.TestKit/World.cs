using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Mail;

namespace Rookery.TestKit;

/// <summary>
/// A small fixed world on one folder: alice, bob and carol, and star, whom many follow. bob and carol follow alice; everybody follows star.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    public const int Fans = 12;

    /// <summary>No limits on what one caller may do, and passwords that cost nothing: the world is made in milliseconds.</summary>
    public static IReadOnlyDictionary<string, string?> FastSettings { get; } =
        new Dictionary<string, string?>
        {
            ["Accounts:PasswordRounds"] = "1000",
            ["Accounts:SignUpsPerHourAndAddress"] = "0",
            ["Accounts:LogInsPerMinuteAndAddress"] = "0",
            ["Accounts:LogInsPerMinuteAndName"] = "0",
            ["Accounts:MailsPerHourAndAddress"] = "0",
            ["Accounts:MailsPerHourAndMailbox"] = "0",
            ["Limits:WritesPerMinute"] = "0",
            ["Limits:SearchesPerSecond"] = "0",
            // It is taken anew with each index, and histories make thousands.
            ["Search:WordBytes"] = "1048576",
        };

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _settings;
    private StartServer _start = async (folder, settings, stop) =>
        await ServerInProcess.StartAsync(folder, settings, stop);

    private World(IReadOnlyDictionary<string, string?>? settings) =>
        _settings = FastSettings
            .Concat(settings ?? new Dictionary<string, string?>())
            .GroupBy(setting => setting.Key)
            .ToDictionary(group => group.Key, group => group.Last().Value);

    public string Folder => _folder.Path;

    public IRunningServer Server { get; private set; } = null!;

    public ClassicClient Alice { get; private set; } = null!;

    public ClassicClient Bob { get; private set; } = null!;

    public ClassicClient Carol { get; private set; } = null!;

    public ClassicClient Star { get; private set; } = null!;

    /// <summary>Accounts without a password that follow star.</summary>
    public List<AccountId> Crowd { get; } = [];

    /// <summary>The server alone: nobody has signed up.</summary>
    public static async Task<World> EmptyAsync(
        CancellationToken stop,
        IReadOnlyDictionary<string, string?>? settings = null,
        CountedPorts? ports = null
    )
    {
        var world = new World(settings);
        world.Server = await ServerInProcess.StartAsync(world.Folder, world._settings, stop, ports);
        return world;
    }

    /// <summary>The same on a server that is started another way.</summary>
    public static async Task<World> EmptyAsync(
        StartServer start,
        CancellationToken stop,
        IReadOnlyDictionary<string, string?>? settings = null
    )
    {
        var world = new World(settings) { _start = start };
        world.Server = await start(world.Folder, world._settings, stop);
        return world;
    }

    public static async Task<World> CreateAsync(
        CancellationToken stop,
        IReadOnlyDictionary<string, string?>? settings = null,
        CountedPorts? ports = null
    )
    {
        var world = await EmptyAsync(stop, settings, ports);
        world.Alice = await world.SignUpAsync("alice", stop);
        world.Bob = await world.SignUpAsync("bob", stop);
        world.Carol = await world.SignUpAsync("carol", stop);
        world.Star = await world.SignUpAsync("star", stop);
        foreach (var fan in new[] { world.Alice, world.Bob, world.Carol })
        {
            (await fan.RelateAsync("follow", world.Star.Id, stop)).Require(200);
        }

        (await world.Bob.RelateAsync("follow", world.Alice.Id, stop)).Require(200);
        (await world.Carol.RelateAsync("follow", world.Alice.Id, stop)).Require(200);
        for (var i = 0; i < Fans; i++)
        {
            var fan = await world.Server.Service.CreateUserAsync($"Fan {i}", stop);
            (await world.Server.Service.FollowAsync(fan, world.Star.Id, stop)).Require(200);
            world.Crowd.Add(fan);
        }

        return world;
    }

    public Task<ClassicClient> SignUpAsync(string username, CancellationToken stop) =>
        ClassicClient.SignUpAsync(Server.Http, username, stop);

    /// <summary>As an operator does on the command line.</summary>
    public async Task GiveRoleAsync(string username, string role, CancellationToken stop)
    {
        var services = Server.Services;
        var account = await services
            .GetRequiredService<ReadModeration>()
            .AccountAsync(username, stop);
        var given = await services
            .GetRequiredService<GiveRole>()
            .HandleAsync(account.Value.Id, role, stop);
        if (!given.Succeeded)
        {
            throw new InvalidOperationException(given.Problem.Detail);
        }
    }

    /// <inheritdoc cref="GiveRoleAsync"/>
    public async Task SuspendAsync(AccountId account, CancellationToken stop)
    {
        var suspended = await Server
            .Services.GetRequiredService<SuspendAccount>()
            .HandleAsync(account, new Decision(null, "for the test"), stop);
        if (!suspended.Succeeded)
        {
            throw new InvalidOperationException(suspended.Problem.Detail);
        }
    }

    /// <inheritdoc cref="GiveRoleAsync"/>
    public async Task LiftAsync(AccountId account, CancellationToken stop)
    {
        var lifted = await Server
            .Services.GetRequiredService<LiftSuspension>()
            .HandleAsync(account, new Decision(null, "for the test"), stop);
        if (!lifted.Succeeded)
        {
            throw new InvalidOperationException(lifted.Problem.Detail);
        }
    }

    /// <summary>Everything that was accepted has reached every consumer.</summary>
    public Task SettleAsync(CancellationToken stop) => Server.SettleAsync(stop);

    /// <summary>Every mail that was ordered is sent, or given up.</summary>
    public Task MailsSettleAsync(CancellationToken stop) =>
        Wait.UntilAsync(
            async () =>
                await Server.Services.GetRequiredService<IMails>().BacklogAsync(stop)
                    is { Waiting: 0 },
            () => "no mail waits",
            stop,
            TimeSpan.FromMilliseconds(20)
        );

    /// <summary>Stops the server in good order and starts it on the same folder; the people go on with their tokens.</summary>
    /// <param name="settings">Settings that are other ones from now on.</param>
    /// <param name="meanwhile">What is done while it is stopped.</param>
    public async Task RestartAsync(
        List<ClassicClient> people,
        CancellationToken stop,
        Dictionary<string, string?>? settings = null,
        Func<Task>? meanwhile = null
    )
    {
        foreach (var (name, value) in settings ?? [])
        {
            _settings[name] = value;
        }

        await Server.DisposeAsync();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        Server = await _start(Folder, _settings, stop);
        for (var i = 0; i < people.Count; i++)
        {
            people[i] = people[i].At(Server.Http);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Starts a server on a folder, which it may have been on before.</summary>
internal delegate Task<IRunningServer> StartServer(
    string folder,
    IReadOnlyDictionary<string, string?> settings,
    CancellationToken stop
);
