using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>What a suspended account left is nowhere, and is everywhere again when that is lifted.</summary>
public sealed class SuspensionTests : IAsyncLifetime
{
    private static readonly Decision Decided = new(null, "for the test");

    private World _world = null!;
    private PostId _post;
    private string _file = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Where what alice posted is found, by programs, as bob.</summary>
    private string[] Answers =>
        [
            $"/api/v1/home_timeline?user_id={_world.Bob.Id}",
            $"/api/v1/user_timeline?user_id={_world.Bob.Id}",
            "/api/v1/public_timeline",
            "/api/v1/hashtag_timeline?hashtag=dunlins",
            "/api/v1/search?query=sandpiper",
            "/api/v1/search_hashtags?query=dunl",
            "/api/v1/search_users?query=alice",
            $"/api/v1/followers?user_id={_world.Star.Id}",
            "/api/v2/search?q=sandpiper",
        ];

    /// <summary>And by people.</summary>
    private string[] Pages =>
        [
            "/home",
            "/public",
            "/@bob",
            "/tags/dunlins",
            "/search?q=sandpiper",
            "/@star/followers",
            $"/sitemaps/{_post.CreatedAt:yyyy-MM-dd}.xml",
        ];

    /// <summary>What is alice's alone.</summary>
    private string[] Own =>
        [
            $"/api/v1/user_timeline?user_id={_world.Alice.Id}",
            $"/api/v1/tweet/{_post}",
            "/api/v1/user?username=alice",
            "/@alice",
            $"/@alice/{_post}",
            "/@alice/followers",
            "/@alice.atom",
            "/@alice.rss",
            $"/media/{_file}",
        ];

    public async ValueTask InitializeAsync()
    {
        _world = await World.CreateAsync(Stop);
        var picture = await MediaClient.UploadAsync(
            _world.Server.Http,
            _world.Alice.Token,
            SamplePictures.Png(4, 3),
            Stop
        );
        _file = picture.File;
        var posted = await _world.Alice.PostAsync(
            "A sandpiper among #dunlins",
            Stop,
            media: [picture.Id]
        );
        _post = new PostId(posted.Require(201).Id("tweet_id"));
        (await _world.Bob.MarkAsync("repost", _post, Stop)).Require(200);
        (await _world.Bob.MarkAsync("like", _post, Stop)).Require(200);
        await _world.SettleAsync(Stop);
        await FoundAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Nothing_of_a_suspended_account_is_anywhere_and_all_of_it_behind_the_lifting()
    {
        var before = await AllAsync();
        Assert.All(Answers.Concat(Pages), path => Assert.True(Tells(before[path]), path));
        Assert.All(Own, path => Assert.Equal(HttpStatusCode.OK, before[path].Status));

        await SuspendAsync();

        await IsNowhereAsync();
        (await _world.Alice.PostAsync("not to be seen", Stop)).Require(401);
        var (refused, _) = await _world.Alice.LogInAsync(_world.Server.Http, Stop);
        Assert.Contains(
            "suspended",
            refused.Require(403).Json.ToString(),
            StringComparison.Ordinal
        );
        (await _world.Server.Service.FollowAsync(_world.Alice.Id, _world.Bob.Id, Stop)).Require(
            404
        );
        (await _world.Carol.RelateAsync("follow", _world.Alice.Id, Stop)).Require(404);
        (await _world.Carol.PostAsync("a reply", Stop, inReplyTo: _post)).Require(404);
        (await _world.Carol.MarkAsync("like", _post, Stop)).Require(404);

        // What memory, images of the index and consumers make of it anew.
        await _world.SettleAsync(Stop);
        await IsNowhereAsync();
        await _world.RestartAsync([], Stop);
        await FoundAsync();
        await IsNowhereAsync();

        var lift = _world.Server.Services.GetRequiredService<LiftSuspension>();
        Assert.True((await lift.HandleAsync(_world.Alice.Id, Decided, Stop)).Value.IsNew);
        await _world.SettleAsync(Stop);
        await FoundAsync();

        var after = await AllAsync();
        // Pages say how long ago things were.
        Assert.All(
            Answers.Concat(Own.Where(path => path.StartsWith("/api", StringComparison.Ordinal))),
            path => Assert.Equal(before[path], after[path])
        );
        Assert.All(Pages, path => Assert.True(Tells(after[path]), path));
        Assert.All(Own, path => Assert.Equal(HttpStatusCode.OK, after[path].Status));
        var (answer, again) = await _world.Alice.LogInAsync(_world.Server.Http, Stop);
        answer.Require(200);
        (await again!.PostAsync("here again", Stop)).Require(201);
    }

    [Fact]
    public async Task A_suspension_that_a_crash_cut_off_is_made_up_for_by_its_event()
    {
        // Accounts has it, and nobody told posts: the process is gone.
        var store = _world.Server.Services.GetRequiredService<IModerationStore>();
        await store.SuspendAsync(_world.Alice.Id, Decided, Stop);
        await _world.SettleAsync(Stop);

        await IsNowhereAsync();
        Assert.Equal(1, await AuthorStateAsync());

        // And one that is told late changes nothing.
        var standing = (await store.RestoreAsync(_world.Alice.Id, Decided, Stop)).Value;
        await _world.SettleAsync(Stop);
        foreach (var late in _world.Server.Services.GetServices<IAccountSuspending>())
        {
            await late.ApplyAsync(_world.Alice.Id, true, standing.Version - 1, Stop);
        }

        Assert.Equal(0, await AuthorStateAsync());
        await FoundAsync();
        var all = await AllAsync();
        Assert.All(Answers, path => Assert.True(Tells(all[path]), path));
    }

    private async Task SuspendAsync()
    {
        var suspend = _world.Server.Services.GetRequiredService<SuspendAccount>();
        Assert.True((await suspend.HandleAsync(_world.Alice.Id, Decided, Stop)).Value.IsNew);
        await FoundAsync();
    }

    private async Task IsNowhereAsync()
    {
        foreach (var (path, answer) in await AllAsync())
        {
            Assert.False(Tells(answer), $"{path}: {answer.Text}");
            var expected = Own.Contains(path) ? HttpStatusCode.NotFound : HttpStatusCode.OK;
            Assert.True(answer.Status == expected, $"{path}: {answer.Status}");
        }
    }

    /// <summary>Bob follows her: her name alone stands in what he wrote himself.</summary>
    private static bool Tells((HttpStatusCode Status, string Text) answer) =>
        answer.Text.Contains("sandpiper among", StringComparison.Ordinal)
        || answer.Text.Contains("\"alice\"", StringComparison.Ordinal)
        || answer.Text.Contains("\"dunlins\"", StringComparison.Ordinal)
        || answer.Text.Contains("@alice<", StringComparison.Ordinal);

    private async Task<Dictionary<string, (HttpStatusCode Status, string Text)>> AllAsync()
    {
        var all = new Dictionary<string, (HttpStatusCode, string)>();
        foreach (var path in Answers.Concat(Pages).Concat(Own))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (path.StartsWith("/api", StringComparison.Ordinal))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Bearer",
                    _world.Bob.Token
                );
            }
            else
            {
                request.Headers.Add("Cookie", $"rookery={_world.Bob.Token}");
            }

            using var answer = await _world.Server.Http.SendAsync(request, Stop);
            var text = await answer.Content.ReadAsStringAsync(Stop);
            // It has another port when it was started again.
            var address = _world.Server.Http.BaseAddress!.Authority;
            all[path] = (
                answer.StatusCode,
                text.Replace(address, "here", StringComparison.Ordinal)
            );
        }

        return all;
    }

    private Task FoundAsync() =>
        _world.Server.Services.GetRequiredService<Search.IndexPosts>().CaughtUpAsync(Stop);

    private Task<long> AuthorStateAsync() =>
        _world
            .Server.Services.GetRequiredService<SqlDatabases>()
            .Posts.ReadAsync(session =>
                session.Number(
                    "SELECT state FROM authors WHERE account = @account",
                    -1,
                    _world.Alice.Id.Value
                )
            )
            .AsTask();
}
