using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

// How what an author posted is hidden, and shown again.
public abstract partial class PostStoreContract
{
    [Fact]
    public async Task While_an_author_is_suspended_nothing_it_posted_is_shown_and_behind_it_all_is()
    {
        var posts = new[] { await PostAsync(_ana), await PostAsync(_ana, Visibility.Followers) };
        var direct = await PostAsync(_ana, Visibility.Direct, mentions: [_bob]);
        var repost = await PostAsync(_bob, original: posts[0]);
        var inbox = new PostList.DirectTo(_bob, [_ana]);

        await Store.SuspendAuthorAsync(_ana, true, 7, Token);

        Assert.Empty(await Store.GetManyAsync(new[] { posts[0], posts[1], direct, repost }, Token));
        // The suspended author's own are hidden with their author.
        Assert.Equal(
            [repost],
            await Store.HiddenWithOriginalsAsync(new[] { posts[0], direct, repost }, Token)
        );
        Assert.Empty(await Store.NewestOfAsync(new[] { _ana }, PostId.Newest, 9, Token));
        Assert.Empty(await Store.OldestOfAsync(new[] { _ana }, default, 9, Token));
        Assert.Empty(await ListAsync(inbox));
        Assert.DoesNotContain(posts[0], await ListAsync(new PostList.Everybody()));
        foreach (var draft in new[] { Draft(_ana), Draft(_bob, parent: posts[0]) })
        {
            var refused = await Store.AcceptAsync(draft, Token);
            Assert.Equal(ProblemKind.NotFound, refused.Problem?.Kind);
        }

        await ReopenAsync();
        Assert.Empty(await Store.GetManyAsync(posts, Token));

        await Store.SuspendAuthorAsync(_ana, false, 8, Token);

        Assert.Equal(
            [posts[0], posts[1], direct, repost],
            (await Store.GetManyAsync(new[] { posts[0], posts[1], direct, repost }, Token))
                .Select(post => post.Id)
                .Order()
        );
        Assert.Empty(await Store.HiddenWithOriginalsAsync(new[] { repost }, Token));
        var newest = await Store.NewestOfAsync(new[] { _ana }, PostId.Newest, 9, Token);
        Assert.Equal([posts[1], posts[0]], Assert.Single(newest).Ids);
        Assert.Equal([direct], await ListAsync(inbox));
        Assert.True((await Store.AcceptAsync(Draft(_ana), Token)).Succeeded);
        Assert.Equal(
            [new AuthorSuspended(_ana), new AuthorRestored(_ana)],
            (await EventsAsync(_ana)).Where(one => one is AuthorSuspended or AuthorRestored)
        );
    }

    [Fact]
    public async Task Of_what_is_told_of_an_author_the_newest_counts_in_whatever_order_it_comes()
    {
        var post = new[] { await PostAsync(_ana) };

        await Store.SuspendAuthorAsync(_ana, false, 5, Token);
        await Store.SuspendAuthorAsync(_ana, true, 4, Token);
        Assert.Single(await Store.GetManyAsync(post, Token));

        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Store.SuspendAuthorAsync(_ana, true, 6, Token))
        );
        await Store.SuspendAuthorAsync(_ana, false, 5, Token);
        Assert.Empty(await Store.GetManyAsync(post, Token));
        Assert.Single(await EventsAsync(_ana), new AuthorSuspended(_ana));

        // Who never posted, and who is gone.
        await Store.SuspendAuthorAsync(_bob, true, 2, Token);
        Assert.False((await Store.AcceptAsync(Draft(_bob), Token)).Succeeded);
        await Store.CloseAuthorAsync(_ana, Token);
        await Store.SuspendAuthorAsync(_ana, false, 9, Token);
        Assert.Empty(await Store.GetManyAsync(post, Token));
        Assert.False((await Store.AcceptAsync(Draft(_ana), Token)).Succeeded);
    }
}
