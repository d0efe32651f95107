using Rookery.SystemTests.Faults;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Roles;

/// <summary>A user service and a tweet service, each on a folder of its own, without a broker: the tweet service asks the user service.</summary>
public sealed class ClassicPairTests : IAsyncLifetime
{
    private const string Key = "the same key for both";

    private readonly TemporaryFolder _usersFolder = new();
    private readonly TemporaryFolder _tweetsFolder = new();
    private readonly int _usersPort = FreePort.Take();
    private readonly int _tweetsPort = FreePort.Take();
    private ServerProcess _users = null!;
    private ServerProcess _tweets = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _users = await UsersAsync();
        _tweets = await ServerProcess.StartAsync(
            _tweetsFolder.Path,
            Stop,
            new Dictionary<string, string>
            {
                ["Service__Key"] = Key,
                ["Roles__Accounts__Url"] = $"http://127.0.0.1:{_usersPort}",
            },
            roles: "posts",
            port: _tweetsPort
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _users.DisposeAsync();
        await _tweets.DisposeAsync();
        _usersFolder.Dispose();
        _tweetsFolder.Dispose();
    }

    [Fact]
    public async Task Tweets_are_of_users_that_the_user_service_knows()
    {
        var ali = await _users.Service.CreateUserAsync("Ali", Stop);
        var tweet = Id(
            await _tweets.Service.PostAsync(ali, "Hello, this is my first tweet!", Stop)
        );
        var shown = (await _tweets.Service.PostByIdAsync(tweet, Stop)).Require(200);
        Assert.Equal(ali, new AccountId(shown.Id("user_id")));
        Assert.Equal(
            404,
            (await _tweets.Service.PostAsync(new AccountId(77), "who?", Stop)).Status
        );

        (await _tweets.Service.DeletePostAsync(tweet, Stop)).Require(200);
        Assert.Equal(404, (await _tweets.Service.PostByIdAsync(tweet, Stop)).Status);
    }

    [Fact]
    public async Task Who_is_deleted_at_the_one_has_no_tweets_at_the_other()
    {
        var ali = await _users.Service.CreateUserAsync("Ali", Stop);
        var tweet = Id(await _tweets.Service.PostAsync(ali, "Hello", Stop));
        (await _users.Service.DeleteUserAsync(ali, Stop)).Require(200);

        Assert.Equal(404, (await _tweets.Service.PostByIdAsync(tweet, Stop)).Status);
        Assert.Equal(404, (await _tweets.Service.PostAsync(ali, "Am I there?", Stop)).Status);
        await Wait.UntilAsync(
            () =>
            {
                using var database = new DatabaseProbe(_tweetsFolder.Path);
                return Task.FromResult(
                    database.Number("SELECT count(*) FROM posts WHERE state = 0") == 0
                );
            },
            () => "what the account posted is removed",
            Stop
        );
    }

    [Fact]
    public async Task While_the_user_service_is_away_who_tweeted_before_goes_on()
    {
        var ali = await _users.Service.CreateUserAsync("Ali", Stop);
        var before = Id(await _tweets.Service.PostAsync(ali, "before", Stop));
        await _users.KillAsync();

        var during = Id(await _tweets.Service.PostAsync(ali, "during", Stop));
        (await _tweets.Service.PostByIdAsync(before, Stop)).Require(200);
        (await _tweets.Service.PostByIdAsync(during, Stop)).Require(200);
        var unknown = await _tweets.Service.PostAsync(new AccountId(77), "who?", Stop);
        Assert.Equal(503, unknown.Status);

        await _users.DisposeAsync();
        _users = await UsersAsync();
        await Wait.UntilAsync(
            async () =>
                (await _tweets.Service.PostAsync(new AccountId(77), "who?", Stop)).Status == 404,
            () => "the user service is asked again",
            Stop
        );
    }

    /// <summary>It deleted somebody without telling the tweet service; nobody there may be sure of anybody any more.</summary>
    [Fact]
    public async Task A_user_service_that_tells_nobody_of_deletions_is_believed_by_nobody_while_it_is_away()
    {
        await _users.DisposeAsync();
        _users = await UsersAsync(tellsOfDeletions: false);
        var ali = await _users.Service.CreateUserAsync("Ali", Stop);
        var ben = await _users.Service.CreateUserAsync("Ben", Stop);
        var tweet = Id(await _tweets.Service.PostAsync(ali, "first", Stop));
        Id(await _tweets.Service.PostAsync(ben, "first", Stop));
        (await _users.Service.DeleteUserAsync(ali, Stop)).Require(200);
        await _users.KillAsync();

        Assert.Equal(503, (await _tweets.Service.PostAsync(ali, "Am I there?", Stop)).Status);
        Assert.Equal(503, (await _tweets.Service.PostByIdAsync(tweet, Stop)).Status);
        Assert.Equal(503, (await _tweets.Service.PostAsync(ben, "And I?", Stop)).Status);
    }

    [Fact]
    public Task A_tweet_service_with_another_key_is_not_ready_and_says_so() =>
        IsNotReadyAsync(
            "posts",
            "Roles__Accounts__Url",
            _usersPort,
            "not the key of the user service",
            $"http://127.0.0.1:{_usersPort}/ (Roles:Accounts:Url); both need the same Service:Key"
        );

    [Fact]
    public Task A_user_service_with_another_key_is_not_ready_and_says_so() =>
        IsNotReadyAsync(
            "accounts",
            "Roles__Posts__Url",
            _tweetsPort,
            "not the key of the tweet service",
            $"http://127.0.0.1:{_tweetsPort}/ (Roles:Posts:Url); both need the same Service:Key"
        );

    [Fact]
    public Task A_user_service_that_is_sent_to_itself_for_tweets_is_not_ready_and_says_so() =>
        IsNotReadyAsync(
            "accounts",
            "Roles__Posts__Url",
            _usersPort,
            Key,
            $"http://127.0.0.1:{_usersPort}/ has no internal/posts/close (Roles:Posts:Url): the role does not run there"
        );

    private static async Task IsNotReadyAsync(
        string role,
        string setting,
        int port,
        string key,
        string why
    )
    {
        using var folder = new TemporaryFolder();
        await using var stranger = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            new Dictionary<string, string>
            {
                ["Service__Key"] = key,
                [setting] = $"http://127.0.0.1:{port}",
            },
            roles: role,
            until: "/health/live"
        );
        await Wait.UntilAsync(
            () => Task.FromResult(stranger.Output.Contains(why, StringComparison.Ordinal)),
            () => stranger.Output,
            Stop
        );
        await Refused.AssertNotReadyAsync(stranger.Http, why, Stop);
    }

    [Fact]
    public async Task Each_says_at_its_start_that_the_other_lets_it_in()
    {
        await SaysAsync(_tweets, $"http://127.0.0.1:{_usersPort}/ (setting Roles:Accounts:Url)");
        await SaysAsync(_users, $"http://127.0.0.1:{_tweetsPort}/ (setting Roles:Posts:Url)");

        static Task SaysAsync(ServerProcess server, string where) =>
            Wait.UntilAsync(
                () =>
                    Task.FromResult(
                        server.Output.Contains(
                            $"{where} answers, and takes this process's service key",
                            StringComparison.Ordinal
                        )
                    ),
                () => server.Output,
                Stop
            );
    }

    private Task<ServerProcess> UsersAsync(bool tellsOfDeletions = true)
    {
        var settings = new Dictionary<string, string> { ["Service__Key"] = Key };
        if (tellsOfDeletions)
        {
            settings["Roles__Posts__Url"] = $"http://127.0.0.1:{_tweetsPort}";
        }

        return ServerProcess.StartAsync(
            _usersFolder.Path,
            Stop,
            settings,
            roles: "accounts",
            port: _usersPort
        );
    }

    private static PostId Id(Answer answer) => new(answer.Require(201).Id("id"));
}
