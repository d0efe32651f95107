using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>
/// What every store of posts promises: here durability, order and who may post; the rest stands in the files beside. The store may hold
/// other tests' posts.
/// </summary>
public abstract partial class PostStoreContract
{
    private readonly AccountId _ana = Fresh.Account();
    private readonly AccountId _bob = Fresh.Account();
    private readonly AccountId _carol = Fresh.Account();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IPostStore Store { get; set; }

    /// <summary>What this process was told of after commits and is in no outbox.</summary>
    protected abstract IReadOnlyList<DomainEvent> Announced { get; }

    /// <summary>Everything in the store's outbox, in order.</summary>
    protected abstract ValueTask<IReadOnlyList<DomainEvent>> OutboxAsync();

    /// <summary>The store is closed and opened on what it left.</summary>
    protected abstract ValueTask ReopenAsync();

    /// <summary>From here on the store takes no write.</summary>
    protected abstract ValueTask CloseAsync();

    protected abstract void Pass(TimeSpan time);

    [Fact]
    public async Task What_was_answered_is_there_after_a_reopen_with_its_events()
    {
        var post = await PostAsync(_ana, mentions: [_bob], hashtags: ["waders"]);
        var reply = await PostAsync(_bob, parent: post);
        var repost = await PostAsync(_bob, original: post);
        var deleted = await PostAsync(_ana);
        Assert.True((await Store.DeleteAsync(deleted, _ana, Token)).Value);
        Assert.True((await Store.LikeAsync(_carol, post, Token)).Value);
        await Store.CloseAuthorAsync(_carol, Token);
        await Store.MergeAuthorAsync(_bob, Token);
        var before = await Store.GetManyAsync(new[] { post, reply, repost, deleted }, Token);
        var events = await EventsAsync();
        await ReopenAsync();

        var after = await Store.GetManyAsync(new[] { post, reply, repost, deleted }, Token);
        Assert.Equal(before.OrderBy(row => row.Id), after.OrderBy(row => row.Id));
        Assert.Equal([post, reply, repost], after.Select(row => row.Id).Order());
        Assert.Equal(events.Select(Named), (await EventsAsync()).Select(Named));
        Assert.Equal(
            [
                Named(Accepted(post, _ana, PostKind.Post)),
                Named(Accepted(reply, _bob, PostKind.Reply, parent: post)),
                Named(Accepted(repost, _bob, PostKind.Repost, original: post)),
                Named(Accepted(deleted, _ana, PostKind.Post)),
                Named(Deleted(deleted, _ana)),
                Named(new PostLiked(_carol, post)),
                Named(new AuthorClosed(_carol)),
                Named(new AuthorMerged(_bob)),
            ],
            events.Select(Named)
        );
        Assert.Contains(_bob, await Store.MergedAuthorsAsync(Token));
        Assert.False((await Store.AcceptAsync(Draft(_carol), Token)).Succeeded);
        Assert.True(await PostAsync(_ana) > repost);
        Assert.True((await Store.MarksAsync(_carol, new[] { post }, Token))[post].Liked);
    }

    [Fact]
    public async Task A_post_is_stored_as_it_was_written_with_what_it_refers_to()
    {
        var parent = await PostAsync(_ana);
        var text = "Á b\n\U0001F426‍⬛ 'quoted' \"twice\" \\ %s";
        var answer = await Store.AcceptAsync(
            Draft(_bob, Visibility.Followers, parent: parent, text: text),
            Token
        );
        var post = answer.Value.Post;
        Assert.False(answer.Value.Repeated);
        Assert.Equal(
            new Post(
                post.Id,
                _bob,
                PostKind.Reply,
                Visibility.Followers,
                text,
                parent,
                _ana,
                default,
                default,
                default
            ),
            post
        );
        Assert.Equal([post], await Store.GetManyAsync(new[] { post.Id }, Token));
        Assert.Equal(_bob.Partition, Snowflake.PartitionOf(post.Id.Value));
        var repost = await Store.AcceptAsync(Draft(_carol, original: post.Id), Token);
        Assert.Equal(
            (post.Id, _bob),
            (repost.Value.Post.Original, repost.Value.Post.OriginalAuthor)
        );
    }

    [Fact]
    public async Task Under_parallel_writers_ids_are_unique_and_grow_for_each_author_and_above_what_they_refer_to()
    {
        var authors = Fresh.Accounts(4);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(writer => WriteAsync(authors[writer % authors.Length]))
        );

        var all = answers.SelectMany(ids => ids).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        var stored = await Store.GetManyAsync(all.ToArray(), Token);
        Assert.All(stored, post => Assert.True(post.Id > post.Parent && post.Id > post.Original));
        Assert.All(answers, ids => Assert.Equal(ids.Order(), ids));
        Assert.True(await Store.NewestIdAsync(Token) >= all.Max());

        async Task<List<PostId>> WriteAsync(AccountId author)
        {
            var ids = new List<PostId>();
            for (var i = 0; i < 12; i++)
            {
                ids.Add(await PostAsync(author, parent: i % 3 == 1 ? ids[^1] : default));
            }

            ids.Add(await PostAsync(author, original: ids[^1]));
            return ids;
        }
    }

    [Fact]
    public async Task Nothing_ever_appears_below_what_was_readable()
    {
        var authors = Fresh.Accounts(8);
        var writing = Task.WhenAll(authors.Select(author => Task.Run(() => WriteAsync(author))));
        var seen = new HashSet<PostId>();
        do
        {
            var newest = seen.Count == 0 ? default : seen.Max();
            var rows = await Store.NewestOfAsync(authors, PostId.Newest, 100, Token);
            var appeared = rows.SelectMany(row => row.Ids).Where(seen.Add).ToList();
            Assert.All(appeared, id => Assert.True(id > newest, $"{id} came after {newest}."));
            await Task.Yield();
        } while (!writing.IsCompleted);

        await writing;
        Assert.NotEmpty(seen);

        async Task WriteAsync(AccountId author)
        {
            for (var i = 0; i < 40; i++)
            {
                await PostAsync(author);
            }
        }
    }

    [Fact]
    public async Task What_was_answered_is_in_the_next_read()
    {
        for (var i = 0; i < 20; i++)
        {
            var post = await PostAsync(_ana);
            Assert.Single(await Store.GetManyAsync(new[] { post }, Token));
            Assert.Equal(post, (await ListAsync(new PostList.ByAuthor(_ana)))[0]);
            Assert.True(await Store.NewestIdAsync(Token) >= post);
        }
    }

    [Fact]
    public async Task One_write_that_cannot_be_stored_fails_alone_and_leaves_nothing()
    {
        var writes = Enumerable
            .Range(0, 60)
            .Select(i =>
                (
                    Bad: i % 7 == 3,
                    Task: Store.AcceptAsync(
                        Draft(_ana, mentions: [_bob], text: i % 7 == 3 ? null! : $"{i}"),
                        Token
                    )
                )
            )
            .ToList();
        var stored = new List<PostId>();
        foreach (var (bad, task) in writes)
        {
            if (bad)
            {
                await Assert.ThrowsAnyAsync<Exception>(() => task);
            }
            else
            {
                stored.Add((await task).Value.Post.Id);
            }
        }

        Assert.Equal(stored.OrderDescending(), await ListAsync(new PostList.ByAuthor(_ana)));
        Assert.Equal(
            stored.Order(),
            (await EventsAsync()).Cast<PostAccepted>().Select(e => e.Post)
        );
    }

    [Fact]
    public async Task Nothing_is_said_to_what_does_not_stand()
    {
        var deleted = await PostAsync(_ana);
        await Store.DeleteAsync(deleted, _ana, Token);
        var closed = await PostAsync(_carol);
        await Store.CloseAuthorAsync(_carol, Token);
        foreach (var gone in new[] { deleted, closed, new PostId(closed.Value + 1) })
        {
            foreach (var draft in new[] { Draft(_bob, parent: gone), Draft(_bob, original: gone) })
            {
                var answer = await Store.AcceptAsync(draft, Token);
                Assert.Equal(ProblemKind.NotFound, answer.Problem?.Kind);
            }

            var like = await Store.LikeAsync(_bob, gone, Token);
            Assert.Equal(ProblemKind.NotFound, like.Problem?.Kind);
        }

        Assert.Empty(await ListAsync(new PostList.ByAuthor(_bob)));
        Assert.Empty(await EventsAsync(_bob));
    }

    [Fact]
    public async Task A_class_is_stamped_on_posts_from_its_change_on_and_the_change_is_told_once()
    {
        var before = await PostAsync(_ana);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store.MergeAuthorAsync(_ana, Token)));
        await Store.MergeAuthorAsync(_bob, Token);
        var after = await PostAsync(_ana);

        var events = await EventsAsync();
        Assert.Single(events, new AuthorMerged(_ana));
        var accepted = events.OfType<PostAccepted>().ToDictionary(e => e.Post, e => e.Class);
        Assert.Equal(AuthorClass.Pushed, accepted[before]);
        Assert.Equal(AuthorClass.Merged, accepted[after]);
        var merged = await Store.MergedAuthorsAsync(Token);
        Assert.Equal([_ana, _bob], merged.Where(IsMine).Order());
    }

    [Fact]
    public async Task A_store_that_takes_no_write_says_so()
    {
        await CloseAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            Store.AcceptAsync(Draft(_ana), Token)
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            Store.UnlikeAsync(_ana, new PostId(1), Token)
        );
    }

    private static NewPost Draft(
        AccountId author,
        Visibility visibility = Visibility.Public,
        PostId parent = default,
        PostId original = default,
        AccountId[]? mentions = null,
        string[]? hashtags = null,
        IdempotencyKey? key = null,
        string text = "Waders are back."
    )
    {
        var kind =
            original != default ? PostKind.Repost
            : parent != default ? PostKind.Reply
            : PostKind.Post;
        return new(
            author,
            kind,
            visibility,
            original != default ? "" : text,
            parent,
            original,
            mentions ?? [],
            hashtags ?? [],
            key
        );
    }

    private async Task<PostId> PostAsync(
        AccountId author,
        Visibility visibility = Visibility.Public,
        PostId parent = default,
        PostId original = default,
        AccountId[]? mentions = null,
        string[]? hashtags = null
    )
    {
        var draft = Draft(author, visibility, parent, original, mentions, hashtags);
        return (await Store.AcceptAsync(draft, Token)).Value.Post.Id;
    }

    private async Task<IReadOnlyList<PostId>> ListAsync(PostList list) =>
        await Store.ListAsync(list, new Page(Page.MaxCount), Token);

    /// <summary>What the outbox says of this test's people, in order.</summary>
    private async Task<IReadOnlyList<DomainEvent>> EventsAsync() =>
        [.. (await OutboxAsync()).Where(happened => IsMine(ActorOf(happened)))];

    private async Task<IReadOnlyList<DomainEvent>> EventsAsync(AccountId of) =>
        [.. (await EventsAsync()).Where(happened => ActorOf(happened) == of)];

    private bool IsMine(AccountId account) =>
        account == _ana || account == _bob || account == _carol;

    private static AccountId ActorOf(DomainEvent happened) =>
        happened switch
        {
            PostAccepted accepted => accepted.Author,
            PostDeleted deleted => deleted.Author,
            PostLiked liked => liked.Account,
            PostUnliked unliked => unliked.Account,
            AuthorClosed closed => closed.Author,
            AuthorSuspended suspended => suspended.Author,
            AuthorRestored restored => restored.Author,
            AuthorMerged merged => merged.Author,
            PostsImported imported => imported.Author,
            _ => default,
        };

    /// <summary>Lists inside records are compared by what they hold.</summary>
    private static string Named(DomainEvent happened) =>
        happened switch
        {
            PostAccepted e => $"{e with { Recipients = [] }} {string.Join(',', e.Recipients)}",
            PostDeleted e => $"{e with { Recipients = [] }} {string.Join(',', e.Recipients)}",
            _ => $"{happened}",
        };

    private static PostAccepted Accepted(
        PostId post,
        AccountId author,
        PostKind kind,
        PostId parent = default,
        PostId original = default
    ) => new(post, author, kind, Visibility.Public, AuthorClass.Pushed, parent, original, []);

    private static PostDeleted Deleted(
        PostId post,
        AccountId author,
        PostKind kind = PostKind.Post,
        PostId parent = default,
        PostId original = default
    ) => new(post, author, kind, parent, original, Visibility.Public, []);
}
