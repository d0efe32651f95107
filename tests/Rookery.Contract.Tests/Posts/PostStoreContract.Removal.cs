using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>Deleting, and closing an author.</summary>
public abstract partial class PostStoreContract
{
    [Fact]
    public async Task A_deleted_post_is_nowhere_and_hides_its_reposts_until_they_are_removed()
    {
        var post = await PostAsync(_ana, mentions: [_carol], hashtags: [Tag]);
        var reply = await PostAsync(_ana, parent: post);
        var repost = await PostAsync(_bob, original: post);
        Assert.True((await Store.DeleteAsync(post, _ana, Token)).Value);
        Assert.False((await Store.DeleteAsync(post, _ana, Token)).Value);

        var standing = await Store.GetManyAsync(new[] { post, reply, repost }, Token);
        Assert.Equal(reply, Assert.Single(standing).Id);
        Assert.Equal(
            [Named(Deleted(post, _ana))],
            (await EventsAsync()).OfType<PostDeleted>().Select(Named)
        );
        Assert.Equal([reply], await ListAsync(new PostList.ByAuthor(_ana)));
        Assert.Equal(1, await Store.RemoveSomeOnAsync([post, reply], 9, Token));
        Assert.Equal(0, await Store.RemoveSomeOnAsync([post, reply], 9, Token));
        Assert.Empty(await ListAsync(new PostList.ByAuthor(_bob)));
        Assert.Empty(await ListAsync(new PostList.WithHashtag(Tag)));
        Assert.False((await Store.MarksAsync(_bob, new[] { post }, Token))[post].Reposted);
        Assert.Empty(await Store.MentioningAsync(_carol, new[] { post }, Token));
        Assert.Equal(
            [
                Named(Deleted(post, _ana)),
                Named(Deleted(repost, _bob, PostKind.Repost, original: post)),
            ],
            (await EventsAsync()).OfType<PostDeleted>().Select(Named)
        );
        Assert.True(await PostAsync(_bob) > repost);
    }

    [Fact]
    public async Task Only_its_author_deletes_a_post_unless_it_may_be_anybodys()
    {
        var post = await PostAsync(_ana);
        Assert.Equal(
            ProblemKind.Forbidden,
            (await Store.DeleteAsync(post, _bob, Token)).Problem?.Kind
        );
        Assert.Equal(
            ProblemKind.NotFound,
            (await Store.DeleteAsync(new PostId(post.Value + 1), _ana, Token)).Problem?.Kind
        );
        Assert.Single(await Store.GetManyAsync(new[] { post }, Token));
        Assert.True((await Store.DeleteAsync(post, null, Token)).Value);
    }

    [Fact]
    public async Task Of_parallel_deletions_one_deletes()
    {
        var post = await PostAsync(_ana, Visibility.Direct, mentions: [_bob]);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Store.DeleteAsync(post, _ana, Token))
        );
        Assert.Single(answers, answer => answer.Value);
        var told = Assert.Single((await EventsAsync()).OfType<PostDeleted>());
        Assert.Equal(Visibility.Direct, told.Visibility);
        Assert.Equal([_bob], told.Recipients);
    }

    [Fact]
    public async Task A_repost_beside_the_deletion_of_its_original_never_outlives_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var original = await PostAsync(_ana);
            var reposting = Store.AcceptAsync(Draft(_bob, original: original), Token);
            var deleting = Store.DeleteAsync(original, _ana, Token);
            var answer = await reposting;
            Assert.True((await deleting).Value);
            if (answer.Succeeded)
            {
                var repost = new[] { answer.Value.Post.Id };
                Assert.Empty(await Store.GetManyAsync(repost, Token));
            }

            await Store.RemoveSomeOnAsync([original], 9, Token);
        }

        Assert.Empty(await ListAsync(new PostList.ByAuthor(_bob)));
    }

    [Fact]
    public async Task A_closed_author_is_shown_no_more_at_once_and_cannot_post()
    {
        var posts = new[] { await PostAsync(_ana), await PostAsync(_ana, Visibility.Followers) };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store.CloseAuthorAsync(_ana, Token)));
        await Store.CloseAuthorAsync(_bob, Token);

        Assert.Empty(await Store.GetManyAsync(posts, Token));
        Assert.Empty(await Store.NewestOfAsync(new[] { _ana }, PostId.Newest, 9, Token));
        Assert.Empty(await Store.OldestOfAsync(new[] { _ana }, default, 9, Token));
        Assert.DoesNotContain(posts[0], await ListAsync(new PostList.Everybody()));
        foreach (var closed in new[] { _ana, _bob })
        {
            var refused = await Store.AcceptAsync(Draft(closed), Token);
            Assert.Equal(ProblemKind.NotFound, refused.Problem?.Kind);
            Assert.Single(await EventsAsync(closed), new AuthorClosed(closed));
        }
    }

    [Fact]
    public async Task What_a_closed_author_left_is_removed_in_bounded_chunks_with_its_events()
    {
        const int Limit = 3;
        var bobs = await PostAsync(_bob);
        var liked = new[] { bobs, await PostAsync(_carol), await PostAsync(_carol) };
        var posts = new List<PostId> { await PostAsync(_ana, original: bobs) };
        for (var i = 0; i < 7; i++)
        {
            posts.Add(await PostAsync(_ana, mentions: [_bob], hashtags: [Tag]));
            await PostAsync(_bob, Visibility.Direct, mentions: [_ana]);
        }

        foreach (var post in liked.Append(posts[1]))
        {
            await Store.LikeAsync(_ana, post, Token);
        }

        await Store.CloseAuthorAsync(_ana, Token);
        var removed = new List<DomainEvent>();
        var chunks = 0;
        for (var known = (await EventsAsync(_ana)).Count; ; chunks++)
        {
            var more = await Store.RemoveSomeOfAsync(_ana, Limit, Token);
            var told = (await EventsAsync(_ana)).Skip(known).ToList();
            Assert.InRange(told.Count, 0, Limit);
            removed.AddRange(told);
            known += told.Count;
            if (!more)
            {
                break;
            }
        }

        Assert.InRange(chunks, 4, 20);
        Assert.Equal(
            posts.Order(),
            removed.OfType<PostDeleted>().Select(deleted => deleted.Post).Order()
        );
        Assert.Equal(4, removed.OfType<PostUnliked>().Distinct().Count());
        Assert.Equal(posts.Count + 4, removed.Count);
        Assert.Empty(await ListAsync(new PostList.WithHashtag(Tag)));
        Assert.Empty(await ListAsync(new PostList.ByAuthor(_ana)));
        Assert.Empty((await Store.NewestMarksAsync(_ana, 9, Token)).Liked);
        Assert.Empty((await Store.NewestMarksAsync(_ana, 9, Token)).Reposted);
        Assert.Empty(await ListAsync(new PostList.DirectTo(_ana, [_bob])));
        Assert.Equal(8, (await ListAsync(new PostList.ByAuthor(_bob))).Count);
        Assert.False(await Store.RemoveSomeOfAsync(_ana, Limit, Token));
    }
}
