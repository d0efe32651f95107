using Microsoft.Extensions.DependencyInjection;
using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Verification;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>What becomes of reposts and likes when their original is deleted.</summary>
public sealed class DeletedOriginalTests : IAsyncLifetime
{
    private const int Reposters = 2_000;

    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SqlDatabase Database => _world.Server.Services.GetRequiredService<SqlDatabases>().Posts;

    public async ValueTask InitializeAsync() => _world = await World.CreateAsync(Stop);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task No_read_after_the_answer_shows_a_repost_and_the_removal_leaves_nothing()
    {
        var original = new PostId(
            (await _world.Star.PostAsync("passed on", Stop)).Require(201).Id("tweet_id")
        );
        await PassOnAsync(original);
        (await _world.Carol.MarkAsync("like", original, Stop)).Require(200);
        (await _world.Alice.MarkAsync("repost", original, Stop)).Require(200);
        var repost = (await _world.Bob.HomeAsync(new Page(1), Stop))[0];
        Assert.Equal(original, repost.Original);

        (await _world.Star.DeleteAsync(original, Stop)).Require(200);

        do
        {
            await IsShownNowhereAsync(repost.Id);
        } while (await StandingAsync(original) > 0);

        await _world.SettleAsync(Stop);
        Assert.Equal(0, await NumberAsync("SELECT count(*) FROM likes"));
        Assert.Equal(0, await NumberAsync("SELECT count(*) FROM post_counts"));
        var alice = (await _world.Bob.UserAsync(_world.Alice.Id, Stop)).Require(200).Json;
        Assert.Equal(0, alice.GetProperty("post_count").GetInt64());
        var verify = _world.Server.Services.GetRequiredService<VerifyAll>();
        await foreach (var report in verify.HandleAsync(repair: false, Stop))
        {
            Assert.True(
                report.Different == 0,
                $"{report.Name}: {string.Join("; ", report.Differences)}"
            );
        }
    }

    private async Task IsShownNowhereAsync(PostId repost)
    {
        var home = await _world.Bob.HomeAsync(new Page(20), Stop);
        Assert.DoesNotContain(home, entry => entry.Id == repost);
        Assert.Empty(await _world.Bob.UserTimelineAsync(_world.Alice.Id, new Page(20), Stop));
        Assert.DoesNotContain(
            repost,
            await _world.Server.Service.TimelineAsync(_world.Bob.Id, 20, Stop)
        );
        (await _world.Server.Service.PostByIdAsync(repost, Stop)).Require(404);
        (await _world.Carol.MarkAsync("like", repost, Stop)).Require(404);
        (await _world.Carol.MarkAsync("repost", repost, Stop)).Require(404);
    }

    /// <summary>By many, whose reposts are removed before alice's: their ids are smaller.</summary>
    private Task<int> PassOnAsync(PostId original) =>
        Database.Writes.RunAsync(
            commit =>
                Enumerable
                    .Range(1, Reposters)
                    .Count(account =>
                        SqlPostWrites
                            .Accept(
                                commit,
                                new NewPost(
                                    new AccountId(account),
                                    PostKind.Repost,
                                    Visibility.Public,
                                    "",
                                    default,
                                    original,
                                    [],
                                    [],
                                    null
                                )
                            )
                            .Succeeded
                    ),
            Stop
        );

    private Task<long> StandingAsync(PostId original) =>
        NumberAsync($"SELECT count(*) FROM posts WHERE original = {original} AND state = 0");

    private Task<long> NumberAsync(string sql) =>
        Task.FromResult(Database.Read(session => session.Number(sql, 0)));
}
