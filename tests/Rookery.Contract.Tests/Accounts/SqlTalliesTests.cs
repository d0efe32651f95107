using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

public sealed class SqliteTalliesTests() : SqlTalliesTests(new SqliteFile());

public sealed class PostgresTalliesTests() : SqlTalliesTests(PostgresDatabase.Create());

/// <summary>New counts of what posts and follows there are, and that counting events comes to the same.</summary>
public abstract class SqlTalliesTests : IDisposable
{
    private readonly AccountsWorld _world;

    private protected SqlTalliesTests(TestDatabase database) =>
        _world = new AccountsWorld(
            services =>
                services
                    .AddSingleton<SqlPostStore>()
                    .AddSingleton<IAccountTally, SqlPostTally>()
                    .AddSingleton<IAccountTally, SqlFollowTally>(),
            database
        );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_all_events_counters_are_what_a_new_count_says_direct_posts_left_out()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        var posts = _world.Get<SqlPostStore>();
        var kept = await PostAsync(ana, Visibility.Public);
        await PostAsync(ana, Visibility.Followers);
        var original = await PostAsync(bob, Visibility.Public);
        await PostAsync(ana, Visibility.Public, PostKind.Reply, parent: original);
        await PostAsync(ana, Visibility.Public, PostKind.Repost, original: original);
        await PostAsync(ana, Visibility.Direct);
        await posts.DeleteAsync(await PostAsync(ana, Visibility.Direct), ana, Token);
        await posts.DeleteAsync(await PostAsync(ana, Visibility.Unlisted), ana, Token);
        await FollowAsync(ana, bob);
        await FollowAsync(ana, new AccountId(99));

        await ApplyAllAsync();
        Assert.Equal(new AccountCounts(4, 0, 2), (await CardAsync(ana)).Counts);
        Assert.Equal(new AccountCounts(1, 1, 0), (await CardAsync(bob)).Counts);
        Assert.Empty(await RecountAsync());

        // The original takes its repost with it.
        await posts.DeleteAsync(original, bob, Token);
        await posts.RemoveSomeOnAsync([original], 10, Token);
        await posts.DeleteAsync(kept, ana, Token);
        Assert.Equal(2, (await RecountAsync()).Count);
        await ApplyAllAsync();
        Assert.Equal(2, (await CardAsync(ana)).Counts.Posts);
        Assert.Equal(0, (await CardAsync(bob)).Counts.Posts);
        Assert.Empty(await RecountAsync());
    }

    public void Dispose()
    {
        _world.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<AccountId> CreateAsync() =>
        (await _world.Get<CreateAccount>().HandleAsync("Ali", Token)).Value.Id;

    private async Task<AccountCard> CardAsync(AccountId id) =>
        Assert.Single(await _world.Get<IAccounts>().CardsAsync(new[] { id }, Token));

    private async Task<PostId> PostAsync(
        AccountId author,
        Visibility visibility,
        PostKind kind = PostKind.Post,
        PostId parent = default,
        PostId original = default
    )
    {
        var post = new NewPost(author, kind, visibility, "text", parent, original, [], [], null);
        return (await _world.Get<SqlPostStore>().AcceptAsync(post, Token)).Value.Post.Id;
    }

    private Task<int> FollowAsync(AccountId follower, AccountId followee) =>
        _world
            .Get<SqlDatabase>()
            .Writes.RunAsync(
                commit =>
                {
                    commit.Session.Execute(
                        "INSERT INTO follows (follower, followee, created_at) VALUES (@follower, @followee, 0)",
                        follower.Value,
                        followee.Value
                    );
                    commit.Session.Execute(
                        "INSERT INTO followers (followee, follower) VALUES (@followee, @follower)",
                        followee.Value,
                        follower.Value
                    );
                    commit.Emit(new Followed(follower, followee));
                    return 0;
                },
                Token
            );

    private Task ApplyAllAsync() =>
        _world
            .Get<IEventConsumer>()
            .HandleAsync(
                [.. _world.Emitted.Select((happened, i) => new Committed(i + 1, happened))],
                Token
            );

    private async Task<IReadOnlyList<CountDifference>> RecountAsync()
    {
        var differences = new List<CountDifference>();
        var recount = _world.Get<RecountThings>();
        await foreach (
            var chunk in recount.HandleAsync(_ => Task.CompletedTask, repair: false, Token)
        )
        {
            differences.AddRange(chunk.Differences);
        }

        return differences;
    }
}
