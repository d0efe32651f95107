using System.Diagnostics;
using System.Net;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>
/// A database for each capability, each on a PostgreSQL of its own, of which one is gone or stands still: what needs it is refused soon or read from memory, and
/// what does not need it goes on.
/// </summary>
public sealed class MissingDatabaseTests : IAsyncLifetime
{
    private const string Stale = "Rookery-Stale";
    private const int Rounds = 8;

    /// <summary>Two seconds until the lease is lost, one of asking, and some for a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    /// <summary>For so long a token is taken for what it was last.</summary>
    private static readonly TimeSpan TokensHold = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, PostgresServer> _databases = [];
    private ServerProcess _server = null!;
    private ClassicClient _author = null!;
    private ClassicClient _reader = null!;
    private PostId _post;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Page Newest => new(20);

    private string Home => $"/api/v1/home_timeline?user_id={_reader.Id}";

    public async ValueTask InitializeAsync()
    {
        var environment = World.FastSettings.ToDictionary(
            setting => DividedDatabases.VariableOf(setting.Key),
            setting => setting.Value!
        );
        environment["Databases__Readers"] = "2";
        foreach (var (capability, setting) in DividedDatabases.Settings)
        {
            var postgres = await PostgresServer.StartAsync(Stop);
            _databases[capability] = postgres;
            environment[DividedDatabases.VariableOf(setting)] = await postgres.CreateDatabaseAsync(
                Stop
            );
        }

        _server = await ServerProcess.StartAsync(_folder.Path, Stop, environment);
        _author = await ClassicClient.SignUpAsync(_server.Http, "author", Stop);
        _reader = await ClassicClient.SignUpAsync(_server.Http, "reader", Stop);
        (await _reader.RelateAsync("follow", _author.Id, Stop)).Require(200);
        _post = await PostAsync("still here");
        Assert.Equal([_post], (await _reader.HomeAsync(Newest, Stop)).Select(entry => entry.Id));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (var postgres in _databases.Values)
        {
            await postgres.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_posts_home_is_read_for_as_long_as_it_takes_and_people_follow(
        bool standsStill
    )
    {
        await TakeAwayAsync("posts", standsStill);
        // Longer than tokens hold where their own database is away.
        await UntilStaleAsync(TokensHold + TokensHold);
        for (var round = 0; round < Rounds; round++)
        {
            using var home = await GetAsync(Home);
            Assert.Equal(HttpStatusCode.OK, home.StatusCode);
            Assert.Contains($"{_post}", await home.Content.ReadAsStringAsync(Stop));
            Assert.True(home.Headers.Contains(Stale), "the page says that it may be old");

            var since = Stopwatch.GetTimestamp();
            using var other = await GetAsync("/api/v1/hashtag_timeline?hashtag=never");
            RefusedSoon(other, since);
            since = Stopwatch.GetTimestamp();
            var posting = await _author.PostAsync("is anybody there?", Stop);
            posting.Require(503);
            Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Soon);
        }

        (await _author.RelateAsync("follow", _reader.Id, Stop)).Require(200);
        await ClassicClient.SignUpAsync(_server.Http, "newcomer", Stop);
        await BringBackAsync("posts", standsStill);
    }

    [Fact]
    public async Task Without_the_graph_people_post_and_read_what_is_in_memory()
    {
        await TakeAwayAsync("graph", standsStill: false);
        await UntilStaleAsync(TokensHold + TokensHold);

        var since = Stopwatch.GetTimestamp();
        (await _reader.RelateAsync("unfollow", _author.Id, Stop)).Require(503);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Soon);
        var during = await PostAsync("during");
        Assert.Equal(
            [during, _post],
            (await _reader.HomeAsync(Newest, Stop)).Select(entry => entry.Id)
        );

        await BringBackAsync("graph", standsStill: false);
        var home = (await _reader.HomeAsync(Newest, Stop)).Select(entry => entry.Id).ToList();
        Assert.Equal([during, _post], home[^2..]);
    }

    [Fact]
    public async Task Without_accounts_tokens_are_taken_for_seconds_and_the_service_key_always()
    {
        (await _server.Service.PostAsync(_author.Id, "a backend, before", Stop)).Require(201);
        await HeldOfThreeAsync();
        (await _server.Service.PostAsync(_author.Id, "a backend, during", Stop)).Require(201);
        Assert.NotEmpty(await _server.Service.TimelineAsync(_reader.Id, 10, Stop));

        await BringBackAsync("accounts", standsStill: false);
        await PostAsync("and again");
    }

    /// <summary>
    /// Takes accounts away until a token was taken for as long as it may be, two beats allowed for: the last certain moment was before the database went. Where the
    /// server had no processor just then, it was long before.
    /// </summary>
    private async Task HeldOfThreeAsync()
    {
        for (var last = 3; ; last--)
        {
            await TakeAwayAsync("accounts", standsStill: false);
            var since = Stopwatch.GetTimestamp();
            Answer answer;
            do
            {
                answer = await _author.PostAsync("and now?", Stop);
            } while (answer.Status == 201 && Stopwatch.GetElapsedTime(since) < TokensHold + Soon);

            var held = Stopwatch.GetElapsedTime(since);
            Assert.True(
                answer.Status == 503,
                $"{answer.Status} after {held.TotalSeconds} s: {answer.Json}"
            );
            if (held > TokensHold - TimeSpan.FromSeconds(2))
            {
                return;
            }

            Assert.True(
                last > 1,
                $"taken for {held.TotalSeconds} s and no longer, three times: {answer.Json}"
            );
            await BringBackAsync("accounts", standsStill: false);
        }
    }

    private Task TakeAwayAsync(string capability, bool standsStill) =>
        standsStill ? _databases[capability].StopAsync() : _databases[capability].KillAsync();

    /// <summary>Completes when nothing is marked any more and everything is answered.</summary>
    private async Task BringBackAsync(string capability, bool standsStill)
    {
        var database = _databases[capability];
        await (standsStill ? database.ContinueAsync() : database.BeginAsync(Stop));
        await Wait.UntilAsync(
            async () =>
            {
                using var home = await GetAsync(Home);
                return home.StatusCode == HttpStatusCode.OK
                    && !home.Headers.Contains(Stale)
                    && (await _author.PostAsync("are you back?", Stop)).Status == 201;
            },
            () => "everything goes on, and nothing is marked",
            Stop
        );
        var after = await PostAsync("after");
        await Wait.UntilAsync(
            async () => (await _reader.HomeAsync(Newest, Stop))[0].Id == after,
            () => "a new post is read",
            Stop
        );
    }

    /// <summary>Until a page says that it was last certain so long ago.</summary>
    private Task UntilStaleAsync(TimeSpan lapsed) =>
        Wait.UntilAsync(
            async () =>
            {
                using var home = await GetAsync(Home);
                Assert.Equal(HttpStatusCode.OK, home.StatusCode);
                return home.Headers.TryGetValues(Stale, out var seconds)
                    && int.Parse(
                        seconds.Single(),
                        System.Globalization.CultureInfo.InvariantCulture
                    ) >= lapsed.TotalSeconds;
            },
            () => $"a page is {lapsed.TotalSeconds} s old",
            Stop
        );

    private static void RefusedSoon(HttpResponseMessage answer, long since)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Soon);
    }

    private async Task<PostId> PostAsync(string text) =>
        new((await _author.PostAsync(text, Stop)).Require(201).Id("tweet_id"));

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", _reader.Token);
        return await _server.Http.SendAsync(request, Stop);
    }
}
