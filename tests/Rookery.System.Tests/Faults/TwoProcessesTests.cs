using Rookery.SystemTests.Commands;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>Over one database for everything.</summary>
public sealed class TwoProcessesTests : TwoProcessesContract
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
[Trait("Length", "soak")]
public sealed class TwoProcessesOverThreeDatabasesTests : TwoProcessesContract
{
    private protected override Task<IReadOnlyDictionary<string, string>> DatabasesAsync(
        PostgresServer postgres
    ) => DividedDatabases.CreateAsync(postgres, Stop);
}

/// <summary>Two servers on one PostgreSQL, one Redis and one RabbitMQ, as a load balancer spreads one person's requests over them.</summary>
public abstract class TwoProcessesContract : IAsyncLifetime
{
    private const int Rounds = 15;

    private readonly TemporaryFolder _oneFolder = new();
    private readonly TemporaryFolder _otherFolder = new();
    private ServerProcess _one = null!;
    private ServerProcess _other = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        var postgres = await servers.PostgresAsync();
        var redis = await servers.RedisAsync();
        var environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        foreach (var (setting, database) in await DatabasesAsync(postgres))
        {
            environment[DividedDatabases.VariableOf(setting)] = database;
        }

        environment["Databases__Readers"] = "2";
        environment["Redis__Nodes"] = $"127.0.0.1:{redis.Port}";
        environment["RabbitMq__Uri"] = (await servers.RabbitMqAsync()).Uri.ToString();
        _one = await ServerProcess.StartAsync(_oneFolder.Path, Stop, environment);
        _other = await ServerProcess.StartAsync(_otherFolder.Path, Stop, environment);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _oneFolder.Dispose();
        _otherFolder.Dispose();
    }

    [Fact]
    public async Task What_one_acknowledged_the_other_never_contradicts()
    {
        var alice = await ClassicClient.SignUpAsync(_one.Http, "alice", Stop);
        var bob = await ClassicClient.SignUpAsync(_other.Http, "bob", Stop);
        var post = Id(await alice.PostAsync("to whom it may concern", Stop));
        for (var round = 0; round < Rounds; round++)
        {
            (await bob.At(_one.Http).RelateAsync("follow", alice.Id, Stop)).Require(200);
            await SeesAsync(bob.At(_other.Http), post);

            (await bob.At(_one.Http).RelateAsync("unfollow", alice.Id, Stop)).Require(200);
            Assert.Empty(await bob.At(_other.Http).HomeAsync(Newest, Stop));
        }

        (await alice.At(_one.Http).DeleteAsync(post, Stop)).Require(200);
        Assert.Empty(await bob.At(_other.Http).UserTimelineAsync(alice.Id, Newest, Stop));
    }

    [Fact]
    public async Task When_one_is_killed_the_other_goes_on_with_everything()
    {
        var alice = await ClassicClient.SignUpAsync(_one.Http, "alice", Stop);
        var bob = await ClassicClient.SignUpAsync(_one.Http, "bob", Stop);
        (await bob.RelateAsync("follow", alice.Id, Stop)).Require(200);
        var before = Id(await alice.PostAsync("before", Stop));
        await SeesAsync(bob.At(_other.Http), before);

        await _one.KillAsync();

        // The killed one holds its lease for a while, so this is answered when that has run out.
        (await bob.At(_other.Http).RelateAsync("unfollow", alice.Id, Stop)).Require(200);
        Assert.Empty(await bob.At(_other.Http).HomeAsync(Newest, Stop));
        (await bob.At(_other.Http).RelateAsync("follow", alice.Id, Stop)).Require(200);
        var after = Id(await alice.At(_other.Http).PostAsync("after", Stop));
        await SeesAsync(bob.At(_other.Http), after);
        Assert.Equal(
            [after, before],
            (await bob.At(_other.Http).HomeAsync(Newest, Stop)).Select(entry => entry.Id)
        );
        await Wait.UntilAsync(
            async () => await CountsAsync(bob.At(_other.Http), alice.Id) == (2, 1),
            () => "two posts and one follower are counted",
            Stop
        );
    }

    [Fact]
    public async Task What_was_blocked_or_deleted_is_gone_on_both_and_nothing_differs()
    {
        var alice = await ClassicClient.SignUpAsync(_one.Http, "alice", Stop);
        var bob = await ClassicClient.SignUpAsync(_other.Http, "bob", Stop);
        var carol = await ClassicClient.SignUpAsync(_other.Http, "carol", Stop);
        foreach (var author in new[] { alice, carol })
        {
            (await bob.At(_one.Http).RelateAsync("follow", author.Id, Stop)).Require(200);
        }

        var first = Id(await alice.PostAsync("one", Stop));
        var second = Id(await carol.PostAsync("two", Stop));
        Id(await bob.PostAsync("an answer", Stop, inReplyTo: first));
        (await bob.MarkAsync("like", second, Stop)).Require(200);
        await SeesAsync(bob, first);
        await SeesAsync(bob.At(_one.Http), second);

        (await carol.At(_one.Http).RelateAsync("block", bob.Id, Stop)).Require(200);
        Assert.Equal([first], (await bob.HomeAsync(Newest, Stop)).Select(entry => entry.Id));
        (await alice.At(_other.Http).DeleteAccountAsync(Stop)).Require(200);
        Assert.Empty(await bob.At(_one.Http).HomeAsync(Newest, Stop));
        Assert.Equal(401, (await alice.PostAsync("still here?", Stop)).Status);

        // The counters are those of the events behind it all, whichever process applies them.
        await Wait.UntilAsync(
            async () => await CountsAsync(bob, carol.Id) == (1, 0),
            () => "carol has one post and no follower",
            Stop
        );
        foreach (var folder in new[] { _oneFolder, _otherFolder })
        {
            var verified = await CommandProcess.RunAsync("verify", "--data", folder.Path);
            Assert.True(verified.Exit == 0, verified.ToString());
        }
    }

    /// <summary>Where everything stands: settings that name empty databases.</summary>
    private protected abstract Task<IReadOnlyDictionary<string, string>> DatabasesAsync(
        PostgresServer postgres
    );

    private static Page Newest => new(20);

    private static PostId Id(Answer answer) => new(answer.Require(201).Id("tweet_id"));

    private static Task SeesAsync(ClassicClient reader, PostId post) =>
        Wait.UntilAsync(
            async () => (await reader.HomeAsync(Newest, Stop)).Any(entry => entry.Id == post),
            () => $"{reader.Username} sees {post}",
            Stop
        );

    private static async Task<(long Posts, long Followers)> CountsAsync(
        ClassicClient reader,
        AccountId account
    )
    {
        var user = (await reader.UserAsync(account, Stop)).Require(200).Json;
        return (
            user.GetProperty("post_count").GetInt64(),
            user.GetProperty("follower_count").GetInt64()
        );
    }
}
