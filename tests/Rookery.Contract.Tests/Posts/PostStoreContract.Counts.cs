using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>Counters of posts, from events that may come often and in any company.</summary>
public abstract partial class PostStoreContract
{
    /// <summary>This test's alone, so that the sequences are its own, too.</summary>
    private string Consumer => $"counts of {_ana}";

    [Fact]
    public async Task An_event_counts_once_however_often_and_in_whatever_company_it_comes()
    {
        var post = await PostAsync(_ana);
        Committed[] events =
        [
            .. Enumerable
                .Range(1, 60)
                .Select(i => new Committed(
                    i,
                    (i % 6) switch
                    {
                        0 => new PostUnliked(_bob, post),
                        1 or 2 => new PostLiked(_bob, post),
                        3 => Accepted(new(i), _bob, PostKind.Reply, parent: post),
                        4 => Accepted(new(i), _bob, PostKind.Repost, original: post),
                        _ => Accepted(new(i), _bob, PostKind.Post),
                    }
                )),
        ];
        var random = new Random(5);
        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(_ => Store.CountAsync(Consumer, random.GetItems(events, 20), Token))
        );
        random.Shuffle(events);
        await Store.CountAsync(Consumer, events, Token);
        await ReopenAsync();
        await Store.CountAsync(Consumer, events, Token);

        Assert.Equal(new PostCounts(Likes: 10, Reposts: 10, Replies: 10), await CountsAsync(post));
    }

    [Fact]
    public async Task A_minus_that_overtakes_its_plus_comes_out_even_and_is_never_shown()
    {
        var post = await PostAsync(_ana);
        await Store.CountAsync(Consumer, [new(2, new PostUnliked(_bob, post))], Token);
        Assert.Equal(default, await CountsAsync(post));
        await Store.CountAsync(Consumer, [new(1, new PostLiked(_bob, post))], Token);
        Assert.Equal(default, await CountsAsync(post));
        await Store.CountAsync(Consumer, [new(3, new PostLiked(_bob, post))], Token);
        Assert.Equal(1, (await CountsAsync(post)).Likes);
    }

    [Fact]
    public async Task Deleted_replies_and_reposts_are_taken_off_again()
    {
        var post = await PostAsync(_ana);
        var (reply, repost) = (new PostId(post.Value + 1), new PostId(post.Value + 2));
        Committed[] events =
        [
            new(1, Accepted(reply, _bob, PostKind.Reply, parent: post)),
            new(2, Accepted(repost, _bob, PostKind.Repost, original: post)),
            new(3, Accepted(new(post.Value + 3), _bob, PostKind.Reply, parent: post)),
        ];
        await Store.CountAsync(Consumer, events, Token);
        await Store.CountAsync(
            Consumer,
            [
                .. events,
                new(4, Deleted(reply, _bob, PostKind.Reply, parent: post)),
                new(5, Deleted(repost, _bob, PostKind.Repost, original: post)),
            ],
            Token
        );
        Assert.Equal(new PostCounts(0, 0, 1), await CountsAsync(post));
    }

    [Fact]
    public async Task New_numbers_are_announced_and_repeats_are_not()
    {
        var post = await PostAsync(_ana);
        Committed[] like = [new(1, new PostLiked(_bob, post))];
        await Store.CountAsync(Consumer, like, Token);
        await Store.CountAsync(Consumer, like, Token);
        var numbers = Announced
            .OfType<PostsCounted>()
            .SelectMany(counted => counted.Numbers)
            .Select(number => (number.Post, number.Counts));
        Assert.Equal(
            [(post, new PostCounts(1, 0, 0))],
            numbers.Where(number => number.Post == post)
        );
    }

    private async Task<PostCounts> CountsAsync(PostId post) =>
        Assert.Single(await Store.GetManyAsync(new[] { post }, Token)).Counts;
}
