using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>Lists and where their pages are cut.</summary>
public abstract partial class PostStoreContract
{
    /// <summary>A hashtag of this test alone.</summary>
    private string Tag => $"waders{_ana}";

    [Fact]
    public async Task Each_list_holds_what_it_says_and_its_pages_are_cut_at_every_edge()
    {
        var parent = await PostAsync(_bob);
        var posts = new List<Post>();
        foreach (
            var visibility in new[]
            {
                Visibility.Public,
                Visibility.Direct,
                Visibility.Followers,
                Visibility.Public,
                Visibility.Unlisted,
                Visibility.Direct,
                Visibility.Public,
            }
        )
        {
            var draft = Draft(_ana, visibility, parent, mentions: [_carol], hashtags: [Tag]);
            posts.Add((await Store.AcceptAsync(draft, Token)).Value.Post);
            var deleted = (await Store.AcceptAsync(draft, Token)).Value.Post;
            await Store.DeleteAsync(deleted.Id, _ana, Token);
            await PostAsync(_bob, visibility, mentions: [_ana], hashtags: [$"{Tag}x"]);
        }

        var repost = await PostAsync(_ana, original: parent);
        var all = posts.Select(post => post.Id).ToList();
        await AssertPagesAsync(new PostList.ByAuthor(_ana), [.. all, repost]);
        await AssertPagesAsync(
            new PostList.ByAuthor(_ana, Visibility.Unlisted),
            [.. Ids(post => post.Visibility <= Visibility.Unlisted), repost]
        );
        await AssertPagesAsync(new PostList.RepliesTo(parent), all);
        await AssertPagesAsync(
            new PostList.WithHashtag(Tag),
            Ids(post => post.Visibility == Visibility.Public)
        );
        await AssertPagesAsync(
            new PostList.DirectTo(_carol, [_ana, Fresh.Account()]),
            Ids(post => post.Visibility == Visibility.Direct)
        );
        await AssertPagesAsync(new PostList.DirectTo(_carol, [_bob]), []);

        List<PostId> Ids(Func<Post, bool> which) => [.. posts.Where(which).Select(post => post.Id)];
    }

    [Fact]
    public async Task The_oldest_answers_of_many_posts_are_cut_for_each()
    {
        var (asked, other, silent) = (
            await PostAsync(_bob),
            await PostAsync(_ana),
            await PostAsync(_ana)
        );
        var answers = new List<PostId>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await PostAsync(_ana, (Visibility)(i % 4), parent: asked));
            await PostAsync(_bob, original: asked);
        }

        var answer = await PostAsync(_bob, parent: other);
        var below = await PostAsync(_ana, parent: answers[0]);
        await Store.DeleteAsync(answers[2], _ana, Token);
        answers.RemoveAt(2);
        PostId[] parents = [other, new PostId(1), asked, silent, answers[0]];
        foreach (var count in new[] { 1, 3, 99 })
        {
            var found = await Store.RepliesToAsync(parents, count, Token);
            Assert.Equal(
                [other, answer, asked, .. answers.Take(count), answers[0], below],
                found.SelectMany(one => one.Ids.Prepend(one.Parent))
            );
        }
    }

    [Fact]
    public async Task Everybodys_list_is_of_public_posts_and_replies_in_order()
    {
        var first = await PostAsync(_ana);
        await PostAsync(_ana, Visibility.Unlisted);
        var reply = await PostAsync(_bob, parent: first);
        await PostAsync(_bob, original: first);
        await PostAsync(_carol, Visibility.Followers);
        await PostAsync(_carol, Visibility.Direct, mentions: [_ana]);
        var last = await PostAsync(_carol);

        // Others may post at the same time, so the pages are walked, not counted.
        foreach (var upwards in new[] { false, true })
        {
            var shown = new List<PostId>();
            var page = upwards
                ? new Page(2, MinId: new PostId(first.Value - 1))
                : new Page(2, MaxId: new PostId(last.Value + 1));
            while (
                await Store.ListAsync(new PostList.Everybody(), page, Token) is { Count: > 0 } ids
            )
            {
                shown.AddRange(upwards ? Enumerable.Reverse(ids) : ids);
                page = upwards ? new Page(2, MinId: ids[0]) : new Page(2, MaxId: ids[^1]);
                if (upwards ? ids[0] >= last : ids[^1] <= first)
                {
                    break;
                }
            }

            Assert.Equal(upwards ? shown.Order() : shown.OrderDescending(), shown);
            var rows = await Store.GetManyAsync(shown.ToArray(), Token);
            Assert.Equal(
                [first, reply, last],
                rows.Where(row => IsMine(row.Author)).Select(row => row.Id).Order()
            );
        }
    }

    [Fact]
    public async Task The_newest_and_oldest_of_many_authors_are_cut_for_each()
    {
        var posts = new List<PostId>();
        for (var i = 0; i < 8; i++)
        {
            posts.Add(await PostAsync(_ana, (Visibility)(i % 3)));
            await PostAsync(_ana, Visibility.Direct, mentions: [_bob]);
        }

        var bobs = await PostAsync(_bob);
        await Store.DeleteAsync(posts[5], _ana, Token);
        posts.RemoveAt(5);
        await PostAsync(_carol, Visibility.Direct);
        AccountId[] authors = [_carol, _bob, Fresh.Account(), _ana, .. Fresh.Accounts(300)];
        foreach (var bound in Edges(posts))
        {
            foreach (var count in new[] { 1, 3, 99 })
            {
                var newest = await Store.NewestOfAsync(authors, bound, count, Token);
                AssertOf(_ana, newest, posts.Where(id => id < bound).OrderDescending().Take(count));
                AssertOf(_bob, newest, bobs < bound ? [bobs] : []);
                Assert.DoesNotContain(newest, row => row.Author == _carol && row.Ids.Count > 0);

                var oldest = await Store.OldestOfAsync(authors, bound, count, Token);
                AssertOf(_ana, oldest, posts.Where(id => id > bound).Take(count));
                AssertOf(_bob, oldest, bobs > bound ? [bobs] : []);
            }
        }

        static void AssertOf(
            AccountId author,
            IReadOnlyList<AuthorIds> rows,
            IEnumerable<PostId> ids
        ) => Assert.Equal(ids, rows.Where(row => row.Author == author).SelectMany(row => row.Ids));
    }

    [Fact]
    public async Task Reads_of_many_leave_out_what_is_not_there()
    {
        var post = await PostAsync(_ana);
        PostId[] asked = [new(1), post, new(post.Value + 1), PostId.Newest];
        Assert.Equal(post, Assert.Single(await Store.GetManyAsync(asked, Token)).Id);
        Assert.Empty(await Store.GetManyAsync(ReadOnlyMemory<PostId>.Empty, Token));
        Assert.Empty(
            await Store.NewestOfAsync(ReadOnlyMemory<AccountId>.Empty, PostId.Newest, 9, Token)
        );
    }

    /// <param name="list">A list that is this test's alone.</param>
    /// <param name="ascending">All that must be in it.</param>
    private async Task AssertPagesAsync(PostList list, List<PostId> ascending)
    {
        PostId?[] edges = [null, .. Edges(ascending).Cast<PostId?>()];
        foreach (var max in edges)
        {
            foreach (var (since, min) in edges.SelectMany(edge => Lower(edge, edges[^2])))
            {
                foreach (var count in new[] { 1, 2, 40 })
                {
                    var page = new Page(count, max, since, min);
                    var shown = await Store.ListAsync(list, page, Token);
                    Assert.True(
                        Cut(ascending, page).SequenceEqual(shown),
                        $"{list} {page}: {string.Join(", ", shown)}"
                    );
                }
            }
        }

        static IEnumerable<(PostId? Since, PostId? Min)> Lower(PostId? edge, PostId? other) =>
            edge is null ? [(null, null)] : [(edge, null), (null, edge), (other, edge)];
    }

    /// <summary>Each id, and what is just beside the first and the last.</summary>
    private static PostId[] Edges(List<PostId> ascending) =>
        ascending.Count == 0
            ? [new PostId(1), PostId.Newest]
            :
            [
                new PostId(ascending[0].Value - 1),
                .. ascending,
                new PostId(ascending[^1].Value + 1),
                PostId.Newest,
            ];

    private static IEnumerable<PostId> Cut(List<PostId> ascending, Page page)
    {
        var inside = ascending.Where(id => id.Value < page.Below && id.Value > page.Above).ToList();
        var kept = page.FromBelow ? inside.Take(page.Count) : inside.TakeLast(page.Count);
        return kept.Reverse();
    }
}
