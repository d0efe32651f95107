using System.Diagnostics;
using System.Net;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>A PostgreSQL that is gone, or stands still: what is in memory is read and says that it may be old, and everything else is refused soon.</summary>
public sealed class ReadingWithoutDatabaseTests : IAsyncLifetime
{
    private const string Stale = "Rookery-Stale";
    private const int Rounds = 12;

    /// <summary>Two seconds until the lease is lost, one of asking, and some for a busy machine. Without patience it is thirty.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _otherFolder = new();
    private Dictionary<string, string> _environment = [];
    private AccountId _author;
    private PostgresServer _postgres = null!;
    private ServerProcess _server = null!;
    private AccountId _reader;
    private PostId _post;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Home => $"/timeline?user_id={_reader}";

    private string Followers => $"/followers?tweeter_id={_reader}";

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartAsync(Stop);
        _environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        _environment["Databases__Default"] = await _postgres.CreateDatabaseAsync(Stop);
        _environment["Databases__Readers"] = "2";
        _server = await ServerProcess.StartAsync(_folder.Path, Stop, _environment);
        _author = await _server.Service.CreateUserAsync("author", Stop);
        _reader = await _server.Service.CreateUserAsync("reader", Stop);
        (await _server.Service.FollowAsync(_reader, _author, Stop)).Require(200);
        _post = new PostId(
            (await _server.Service.PostAsync(_author, "still here", Stop)).Require(201).Id("id")
        );
        Assert.Equal([_post], await _server.Service.TimelineAsync(_reader, 10, Stop));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
        _otherFolder.Dispose();
    }

    [Fact]
    public async Task While_it_stands_still()
    {
        await _postgres.StopAsync();
        await ReadWithoutItAsync();
        await _postgres.ContinueAsync();
        await ReadAgainAsync();
    }

    [Fact]
    public async Task While_it_is_gone()
    {
        await _postgres.KillAsync();
        await ReadWithoutItAsync();
        await _postgres.BeginAsync(Stop);
        await ReadAgainAsync();

        // However many asked, and whatever waited behind them.
        var said = _server.Output;
        Assert.Equal(2, said.Split("(Databases:Default) answers no reads").Length);
        Assert.DoesNotContain("   at Rookery.", said, StringComparison.Ordinal);
    }

    /// <summary>The timeline knows of it, but what it says was never read here.</summary>
    [Fact]
    public async Task When_it_goes_right_after_another_process_stored_a_post()
    {
        await using var other = await ServerProcess.StartAsync(
            _otherFolder.Path,
            Stop,
            _environment
        );
        (await other.Service.PostAsync(_author, "read by nobody", Stop)).Require(201);
        // That it is undone is acknowledged when every process knows of it, and of all before it.
        (await other.Service.FollowAsync(_author, _reader, Stop)).Require(200);
        (await other.Service.UnfollowAsync(_author, _reader, Stop)).Require(200);
        await _postgres.KillAsync();

        await Wait.UntilAsync(
            async () =>
            {
                using var home = await GetAsync(Home);
                if (home.StatusCode != HttpStatusCode.OK)
                {
                    return false;
                }

                Assert.True(home.Headers.Contains(Stale), "the page says that it may be old");
                Assert.Contains($"{_post}", await home.Content.ReadAsStringAsync(Stop));
                return true;
            },
            () => "the page is answered as it was before the post",
            Stop
        );
        await _postgres.BeginAsync(Stop);
        await ReadAgainAsync();
        Assert.Equal(2, (await _server.Service.TimelineAsync(_reader, 10, Stop)).Count);
    }

    private async Task ReadWithoutItAsync()
    {
        var slowest = TimeSpan.Zero;
        for (var round = 0; round < Rounds; round++)
        {
            var since = Stopwatch.GetTimestamp();
            using var home = await GetAsync(Home);
            using var followers = await GetAsync(Followers);
            var took = Stopwatch.GetElapsedTime(since);
            slowest = took > slowest ? took : slowest;

            Assert.Equal(HttpStatusCode.OK, home.StatusCode);
            Assert.Contains($"{_post}", await home.Content.ReadAsStringAsync(Stop));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, followers.StatusCode);
            Assert.NotNull(followers.Headers.RetryAfter);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"a home page and a refusal took {slowest.TotalSeconds:F2} s at most"
        );
        Assert.InRange(slowest, TimeSpan.Zero, Soon);
        await Wait.UntilAsync(
            async () =>
            {
                using var home = await GetAsync(Home);
                Assert.Equal(HttpStatusCode.OK, home.StatusCode);
                return home.Headers.Contains(Stale);
            },
            () => "a page says that it may be old",
            Stop
        );
    }

    private Task ReadAgainAsync() =>
        Wait.UntilAsync(
            async () =>
            {
                using var home = await GetAsync(Home);
                using var followers = await GetAsync(Followers);
                return home.StatusCode == HttpStatusCode.OK
                    && !home.Headers.Contains(Stale)
                    && followers.StatusCode == HttpStatusCode.OK;
            },
            () => "everything is read again, and nothing is marked",
            Stop
        );

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", _server.Service.Key);
        return await _server.Http.SendAsync(request, Stop);
    }
}
