using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>Likes and reposts, and who is mentioned.</summary>
public abstract partial class PostStoreContract
{
    [Fact]
    public async Task Liking_and_unliking_twice_change_nothing_and_are_told_once()
    {
        var post = await PostAsync(_ana);
        Assert.False(await Store.UnlikeAsync(_bob, post, Token));
        var likes = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Store.LikeAsync(_bob, post, Token))
        );
        Assert.Single(likes, like => like.Value);
        Assert.Equal([new PostLiked(_bob, post)], await EventsAsync(_bob));

        var unlikes = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Store.UnlikeAsync(_bob, post, Token))
        );
        Assert.Single(unlikes, unliked => unliked);
        Assert.Equal(
            [new PostLiked(_bob, post), new PostUnliked(_bob, post)],
            await EventsAsync(_bob)
        );
    }

    [Fact]
    public async Task Reposting_twice_answers_the_standing_repost()
    {
        var post = await PostAsync(_ana);
        Assert.False(await Store.UnrepostAsync(_bob, post, Token));
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(_ => Store.AcceptAsync(Draft(_bob, original: post), Token))
        );
        var repost = Assert.Single(answers.Select(answer => answer.Value.Post.Id).Distinct());
        Assert.Single(answers, answer => !answer.Value.Repeated);
        Assert.Equal(repost, Assert.Single(await ListAsync(new PostList.ByAuthor(_bob))));
        Assert.True((await Store.MarksAsync(_bob, new[] { post }, Token))[post].Reposted);
        Assert.False((await Store.MarksAsync(_carol, new[] { post }, Token))[post].Reposted);

        var ended = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Store.UnrepostAsync(_bob, post, Token))
        );
        Assert.Single(ended, done => done);
        Assert.False((await Store.MarksAsync(_bob, new[] { post }, Token))[post].Reposted);
        Assert.Equal(
            [
                Named(Accepted(repost, _bob, PostKind.Repost, original: post)),
                Named(Deleted(repost, _bob, PostKind.Repost, original: post)),
            ],
            (await EventsAsync(_bob)).Select(Named)
        );
        Assert.True(await PostAsync(_bob, original: post) > repost);
    }

    [Fact]
    public async Task Marks_are_the_viewers_own_and_the_newest_come_first()
    {
        var posts = new List<PostId>();
        for (var i = 0; i < 6; i++)
        {
            posts.Add(await PostAsync(_ana));
        }

        foreach (var place in new[] { 4, 0, 2, 5 })
        {
            await Store.LikeAsync(_bob, posts[place], Token);
        }

        foreach (var place in new[] { 3, 0, 5 })
        {
            await PostAsync(_bob, original: posts[place]);
        }

        await Store.LikeAsync(_carol, posts[1], Token);
        await Store.UnlikeAsync(_bob, posts[5], Token);
        await Store.UnrepostAsync(_bob, posts[5], Token);

        var marks = await Store.MarksAsync(_bob, posts.ToArray(), Token);
        Assert.Equal(
            [
                new ViewerMarks(true, true),
                new ViewerMarks(false, false),
                new ViewerMarks(true, false),
                new ViewerMarks(false, true),
                new ViewerMarks(true, false),
                new ViewerMarks(false, false),
            ],
            posts.Select(post => marks.GetValueOrDefault(post))
        );
        var newest = await Store.NewestMarksAsync(_bob, 9, Token);
        Assert.Equal([posts[4], posts[2], posts[0]], newest.Liked);
        Assert.Equal([posts[3], posts[0]], newest.Reposted);
        var fewest = await Store.NewestMarksAsync(_bob, 1, Token);
        Assert.Equal([posts[4]], fewest.Liked);
        Assert.Equal([posts[3]], fewest.Reposted);
        Assert.Empty(await Store.MarksAsync(_bob, ReadOnlyMemory<PostId>.Empty, Token));
    }

    [Fact]
    public async Task Of_posts_for_few_those_are_named_that_mention_the_account()
    {
        var direct = await PostAsync(_ana, Visibility.Direct, mentions: [_bob, _carol]);
        var followers = await PostAsync(_ana, Visibility.Followers, mentions: [_bob, _bob]);
        var others = await PostAsync(_ana, Visibility.Direct, mentions: [_carol]);
        PostId[] all = [direct, followers, others, new PostId(others.Value + 1)];
        Assert.Equal([direct, followers], (await Store.MentioningAsync(_bob, all, Token)).Order());
        Assert.Equal([others], await Store.MentioningAsync(_carol, new[] { others }, Token));
        Assert.Empty(await Store.MentioningAsync(_ana, all, Token));
        var told = (await EventsAsync()).OfType<PostAccepted>().First(e => e.Post == direct);
        Assert.Equal([_bob, _carol], told.Recipients);
    }

    private static IEnumerable<PostId> Ids(IEnumerable<Post> posts) =>
        posts.Select(post => post.Id);

    [Fact]
    public async Task Everything_that_stands_is_gone_through_with_whom_it_mentions()
    {
        var open = await PostAsync(_ana, Visibility.Public, mentions: [_bob]);
        var direct = await PostAsync(_bob, Visibility.Direct, mentions: [_carol, _ana]);
        var deleted = await PostAsync(_ana, mentions: [_bob]);
        var repost = await PostAsync(_carol, original: open);
        await Store.DeleteAsync(deleted, _ana, Token);

        Assert.Equal([open, direct], Ids(await Store.AllAboveAsync(default, 2, Token)));
        Assert.Equal([repost], Ids(await Store.AllAboveAsync(direct, 2, Token)));
        Assert.Empty(await Store.AllAboveAsync(repost, 2, Token));
        var mentioned = await Store.MentionedInAsync(new[] { open, direct, repost }, Token);
        Assert.Equal([open, direct], mentioned.Keys.Order());
        Assert.Equal([_bob], mentioned[open]);
        Assert.Equal([_ana, _carol], mentioned[direct].Order());
    }
}
