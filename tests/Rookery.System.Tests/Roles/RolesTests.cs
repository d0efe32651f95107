using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Roles;

/// <summary>Over one database for everything.</summary>
[Trait("Length", "soak")]
public sealed class RolesTests : RolesContract
{
    private protected override async Task<IReadOnlyDictionary<string, string>> DatabasesAsync(
        PostgresServer postgres
    ) =>
        new Dictionary<string, string>
        {
            ["Databases:Default"] = await postgres.CreateDatabaseAsync(Stop),
        };
}

/// <summary>Over a database for each capability.</summary>
public sealed class RolesOverThreeDatabasesTests : RolesContract
{
    private protected override Task<IReadOnlyDictionary<string, string>> DatabasesAsync(
        PostgresServer postgres
    ) => DividedDatabases.CreateAsync(postgres, Stop);
}

/// <summary>Every role in a process of its own, over one PostgreSQL, one Redis and one RabbitMQ.</summary>
public abstract class RolesContract : IAsyncLifetime
{
    private static readonly string[] Names =
    [
        "accounts",
        "graph",
        "posts",
        "fanout",
        "timelines",
        "search",
        "media",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, ServerProcess> _roles = [];
    private Dictionary<string, string> _environment = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Page Newest => new(20);

    public async ValueTask InitializeAsync()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        var postgres = await servers.PostgresAsync();
        _environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        foreach (var (setting, database) in await DatabasesAsync(postgres))
        {
            _environment[DividedDatabases.VariableOf(setting)] = database;
        }

        _environment["Databases__Readers"] = "2";
        _environment["Redis__Nodes"] = $"127.0.0.1:{(await servers.RedisAsync()).Port}";
        _environment["Redis__KeyPrefix"] = GetType().Name;
        _environment["RabbitMq__Uri"] = (await servers.RabbitMqAsync()).Uri.ToString();
        _environment["Service__Key"] = "the same key for all roles";
        foreach (var name in Names)
        {
            await StartAsync(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var role in _roles.Values)
        {
            await role.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_post_goes_from_the_role_that_takes_it_to_the_role_that_shows_it()
    {
        var (alice, bob) = (await SignUpAsync("alice"), await SignUpAsync("bob"));
        (await bob.At(Http("graph")).RelateAsync("follow", alice.Id, Stop)).Require(200);
        var first = Id(await alice.At(Http("posts")).PostAsync("hear ye", Stop));
        await SeesAsync(bob, first);
        await FoundAsync(bob, "hear", first);
        await CountedAsync(alice, posts: 1, followers: 1);

        (await alice.At(Http("posts")).DeleteAsync(first, Stop)).Require(200);
        Assert.Empty(await bob.At(Http("timelines")).HomeAsync(Newest, Stop));
        await CountedAsync(alice, posts: 0, followers: 1);

        // What a role does not serve is not there.
        Assert.Equal(404, (await alice.At(Http("timelines")).PostAsync("lost?", Stop)).Status);
    }

    [Fact]
    public async Task A_stream_has_what_other_processes_store_and_ends_when_another_ends_its_token()
    {
        var (alice, bob) = (await SignUpAsync("alice"), await SignUpAsync("bob"));
        (await bob.At(Http("graph")).RelateAsync("follow", alice.Id, Stop)).Require(200);
        string last;
        var posts = new List<PostId>();
        using (var stream = await StreamAsync(bob, null))
        {
            for (var i = 0; i < 5; i++)
            {
                posts.Add(Id(await alice.At(Http("posts")).PostAsync($"number {i}", Stop)));
            }

            Assert.Equal(posts, (await stream.TakeAsync(5, Stop)).Select(sent => sent.Post));
            last = stream.At;
        }

        await _roles["timelines"].TerminateAsync(Stop);
        var missed = Id(await alice.At(Http("posts")).PostAsync("missed", Stop));
        (await alice.At(Http("posts")).DeleteAsync(posts[0], Stop)).Require(200);
        await StartAsync("timelines");
        using var again = await StreamAsync(bob, last);
        var events = await again.TakeAsync(2, Stop);
        Assert.Equal(["delete", "update"], events.Select(sent => sent.Name));
        Assert.Equal([posts[0], missed], events.Select(sent => sent.Post));

        (await bob.At(Http("accounts")).LogOutAsync(Stop)).Require(200);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(TimeSpan.FromSeconds(5));
        Assert.Null(await again.NextAsync(soon.Token));
        Assert.Contains(":end token", again.Comments);
    }

    private Task<EventStream> StreamAsync(ClassicClient reader, string? last) =>
        EventStream.OpenAsync(Http("timelines"), "user", reader.Token, Stop, last);

    [Fact]
    public async Task Posting_answers_while_fan_out_search_and_graph_are_down_and_nothing_is_lost()
    {
        var (alice, bob) = (await SignUpAsync("alice"), await SignUpAsync("bob"));
        (await bob.At(Http("graph")).RelateAsync("follow", alice.Id, Stop)).Require(200);
        await SeesAsync(bob, Id(await alice.At(Http("posts")).PostAsync("before", Stop)));

        foreach (var name in (string[])["fanout", "search", "graph"])
        {
            await _roles[name].KillAsync();
        }

        var during = new List<PostId>();
        for (var number = 0; number < 20; number++)
        {
            during.Add(Id(await alice.At(Http("posts")).PostAsync($"during {number}", Stop)));
        }

        await StartAsync("fanout");
        foreach (var post in during)
        {
            await SeesAsync(bob, post);
        }

        var shown = await bob.At(Http("timelines")).HomeAsync(new Page(40), Stop);
        Assert.Equal(
            during.AsEnumerable().Reverse(),
            shown.Select(entry => entry.Id).Take(during.Count)
        );
        Assert.Equal(during.Count + 1, shown.Count);
    }

    [Fact]
    [Trait("Length", "soak")]
    public async Task What_a_killed_process_had_to_do_is_done_by_another_of_its_role()
    {
        var (alice, bob) = (await SignUpAsync("alice"), await SignUpAsync("bob"));
        (await bob.At(Http("graph")).RelateAsync("follow", alice.Id, Stop)).Require(200);
        await StartAsync("accounts", "another");
        await _roles["accounts"].KillAsync();

        Id(await alice.At(Http("posts")).PostAsync("counted by whom?", Stop));
        await Wait.UntilAsync(
            async () => await CountsAsync(_roles["another"].Http, alice) == (1, 1),
            () => "the other process counts",
            Stop
        );
    }

    /// <summary>Where everything stands: settings that name empty databases.</summary>
    private protected abstract Task<IReadOnlyDictionary<string, string>> DatabasesAsync(
        PostgresServer postgres
    );

    private HttpClient Http(string role) => _roles[role].Http;

    private async Task StartAsync(string role, string? name = null)
    {
        name ??= role;
        if (_roles.Remove(name, out var before))
        {
            await before.DisposeAsync();
        }

        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, name));
        _roles[name] = await ServerProcess.StartAsync(
            folder.FullName,
            Stop,
            _environment,
            roles: role
        );
    }

    private Task<ClassicClient> SignUpAsync(string username) =>
        ClassicClient.SignUpAsync(Http("accounts"), username, Stop);

    private static PostId Id(Answer answer) => new(answer.Require(201).Id("tweet_id"));

    private Task SeesAsync(ClassicClient reader, PostId post) =>
        Wait.UntilAsync(
            async () =>
                (await reader.At(Http("timelines")).HomeAsync(Newest, Stop)).Any(entry =>
                    entry.Id == post
                ),
            () => $"{reader.Username} sees {post}",
            Stop
        );

    private Task FoundAsync(ClassicClient reader, string words, PostId post) =>
        Wait.UntilAsync(
            async () =>
            {
                using var response = await Http("search")
                    .GetAsync($"/api/v1/search?query={words}&auth_token={reader.Token}", Stop);
                return (await response.Content.ReadAsStringAsync(Stop)).Contains(
                    $"\"{post}\"",
                    StringComparison.Ordinal
                );
            },
            () => $"{words} finds {post}",
            Stop
        );

    private Task CountedAsync(ClassicClient account, long posts, long followers) =>
        Wait.UntilAsync(
            async () => await CountsAsync(Http("accounts"), account) == (posts, followers),
            () => $"{account.Username} has {posts} posts and {followers} followers",
            Stop
        );

    private static async Task<(long Posts, long Followers)> CountsAsync(
        HttpClient accounts,
        ClassicClient account
    )
    {
        var user = (await account.At(accounts).UserAsync(account.Id, Stop)).Require(200).Json;
        return (
            user.GetProperty("post_count").GetInt64(),
            user.GetProperty("follower_count").GetInt64()
        );
    }
}
