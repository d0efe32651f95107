using Rookery.Media;
using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>Media on posts.</summary>
public abstract partial class PostStoreContract
{
    private static readonly TimeSpan _hold = TimeSpan.FromMinutes(10);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_post_has_its_media_wherever_it_is_read()
    {
        var media = new[]
        {
            Medium(_ana, "Á \U0001F426‍⬛\n\"twice\" \\ 'once' <b>"),
            Medium(_ana, ""),
            Medium(_ana) with
            {
                Blob = BlobName.Draw(MediaKind.WebM),
                Milliseconds = 600_001,
            },
        };
        var draft = WithMedia(Draft(_ana, key: Key("k", 1), text: ""), media);
        var stored = (await Store.AcceptAsync(draft, Token)).Value.Post;
        Assert.Equal(media, stored.Media);
        var reply = await PostAsync(_bob, parent: stored.Id);
        var repost = await PostAsync(_bob, original: stored.Id);
        await ReopenAsync();

        foreach (var post in await Store.GetManyAsync(new[] { stored.Id, reply, repost }, Token))
        {
            Assert.Equal(post.Id == stored.Id ? media : [], post.Media);
        }

        var above = await Store.AllAboveAsync(new PostId(stored.Id.Value - 1), 1, Token);
        Assert.Equal(media, Assert.Single(above).Media);
        Assert.Equal(media, (await Store.AcceptAsync(draft, Token)).Value.Post.Media);
        await Store.DeleteAsync(stored.Id, _ana, Token);
        var repeated = (await Store.AcceptAsync(draft, Token)).Value;
        Assert.True(repeated.Repeated);
        Assert.Equal(media, repeated.Post.Media);
        Assert.Empty(await Store.GetManyAsync(new[] { stored.Id }, Token));
    }

    [Fact]
    public async Task A_medium_stands_on_one_post_also_when_that_is_deleted()
    {
        var (used, unused) = (Medium(_ana), Medium(_ana));
        var post = await PostWithAsync(_ana, used);
        for (var round = 0; round < 2; round++)
        {
            var again = await Store.AcceptAsync(WithMedia(Draft(_ana), unused, used), Token);
            Assert.Equal(ProblemKind.Conflict, again.Problem?.Kind);
            Assert.Equal("media_ids", again.Problem!.Field);
            Assert.Contains($"{used.Id}", again.Problem.Detail, StringComparison.Ordinal);
            await Store.DeleteAsync(post, _ana, Token);
            await ReopenAsync();
        }

        Assert.Empty(await ListAsync(new PostList.ByAuthor(_ana)));
        await PostWithAsync(_ana, unused);
    }

    [Fact]
    public async Task Those_of_an_author_that_have_media_are_listed_without_gaps_and_right_after_deletes()
    {
        var pictured = new List<PostId>();
        for (var i = 0; i < 7; i++)
        {
            await PostAsync(_ana);
            pictured.Add(await PostWithAsync(_ana, Medium(_ana)));
            await PostWithAsync(_bob, Medium(_bob));
        }

        var draft = Draft(_ana, Visibility.Direct, mentions: [_bob]);
        var secret = (await Store.AcceptAsync(WithMedia(draft, Medium(_ana)), Token)).Value.Post.Id;
        await Store.DeleteAsync(pictured[3], _ana, Token);
        pictured.RemoveAt(3);
        var all = new PostList.ByAuthor(_ana) { OnlyMedia = true };
        await AssertPagesAsync(all, [.. pictured, secret]);
        await AssertPagesAsync(all with { Most = Visibility.Unlisted }, pictured);
        await AssertPagesAsync(
            all with
            {
                Most = Visibility.Unlisted,
                Mentioning = _bob,
            },
            [.. pictured, secret]
        );
        await AssertPagesAsync(all with { Author = _carol }, []);
    }

    [Fact]
    public async Task Of_posts_with_one_medium_that_are_under_way_together_one_is_stored()
    {
        for (var round = 0; round < 5; round++)
        {
            var (medium, others) = (Medium(_ana), Enumerable.Range(0, 8).Select(_ => Medium(_ana)));
            var answers = await Task.WhenAll(
                others.Select(other =>
                    Store.AcceptAsync(WithMedia(Draft(_ana), other, medium), Token)
                )
            );
            Assert.Single(answers, answer => answer.Succeeded);
        }

        Assert.Equal(5, (await ListAsync(new PostList.ByAuthor(_ana))).Count);
    }

    [Fact]
    public async Task A_post_whose_media_are_held_no_longer_is_not_stored()
    {
        var medium = Medium(_ana);
        var late = WithMedia(Draft(_ana, key: Key("k", 1)), medium) with
        {
            HeldUntil = Now.AddMinutes(-1),
        };
        var answer = await Store.AcceptAsync(late, Token);
        Assert.Equal(ProblemKind.Unavailable, answer.Problem?.Kind);
        Assert.Empty(await EventsAsync());
        Assert.Empty((await AttachedAsync(medium)).Media);
        Assert.True(
            (await Store.AcceptAsync(late with { HeldUntil = Now + _hold }, Token)).Succeeded
        );
    }

    [Fact]
    public async Task What_stands_on_posts_is_told_as_of_a_time_after_which_no_older_hold_counts()
    {
        var (standing, deleted, free) = (Medium(_ana), Medium(_ana), Medium(_ana));
        var post = await PostWithAsync(_ana, standing);
        await Store.DeleteAsync(await PostWithAsync(_ana, deleted), _ana, Token);
        var told = await AttachedAsync(standing, deleted, free);
        Assert.Equal([standing.Id], told.Media);
        Assert.True(told.AsOf >= post.CreatedAt);

        var before = WithMedia(Draft(_ana), free) with
        {
            HeldUntil = told.AsOf.AddMilliseconds(-1),
        };
        Assert.Equal(
            ProblemKind.Unavailable,
            (await Store.AcceptAsync(before, Token)).Problem?.Kind
        );
    }

    /// <summary>What is told to be on no post, with a hold that has ended, is on none later: whoever posts at the same time.</summary>
    [Fact]
    public async Task Who_asks_beside_a_post_hears_of_it_or_comes_before_it()
    {
        for (var round = 0; round < 40; round++)
        {
            var medium = Medium(_ana);
            var heldUntil = Now.AddMilliseconds(round % 4);
            var posting = Store.AcceptAsync(
                WithMedia(Draft(_ana), medium) with
                {
                    HeldUntil = heldUntil,
                },
                Token
            );
            var told = await AttachedAsync(medium);
            var isFree = told.Media.Count == 0 && heldUntil < told.AsOf;
            Assert.False(isFree && (await posting).Succeeded);
            await posting;
        }
    }

    [Fact]
    public async Task A_deletion_tells_which_media_it_leaves()
    {
        var (first, second, third) = (Medium(_ana), Medium(_ana), Medium(_bob));
        var post = await PostWithAsync(_ana, first, second);
        await Store.DeleteAsync(post, _ana, Token);
        await Store.DeleteAsync(post, _ana, Token);
        await Store.DeleteAsync(await PostAsync(_ana), _ana, Token);
        var bobs = await PostWithAsync(_bob, third);
        await Store.CloseAuthorAsync(_bob, Token);
        while (await Store.RemoveSomeOfAsync(_bob, 10, Token))
        {
            // Until nothing is left.
        }

        var left = (await OutboxAsync()).OfType<PostMediaLeft>().ToList();
        Assert.Equal([first.Id, second.Id], Assert.Single(left, one => one.Post == post).Media);
        Assert.Equal([third.Id], Assert.Single(left, one => one.Post == bobs).Media);
        Assert.DoesNotContain(left, one => one.Media.Count == 0);
    }

    private Task<AttachedMedia> AttachedAsync(params Attachment[] media) =>
        Store.AttachedAsync(media.Select(medium => medium.Id).ToArray(), Token);

    private async Task<PostId> PostWithAsync(AccountId author, params Attachment[] media) =>
        (await Store.AcceptAsync(WithMedia(Draft(author), media), Token)).Value.Post.Id;

    private static NewPost WithMedia(NewPost post, params Attachment[] media) =>
        post with
        {
            Media = media,
            HeldUntil = Now + _hold,
        };

    private static Attachment Medium(AccountId owner, string description = "A rook") =>
        new(
            Fresh.Medium(owner),
            BlobName.Draw(MediaKind.Jpeg),
            640,
            480,
            description,
            new FocalPoint(250, -500),
            description.Length > 0 ? "LEHV6nWB2yk8pyo0adR*.7kCMdnj" : ""
        );
}
