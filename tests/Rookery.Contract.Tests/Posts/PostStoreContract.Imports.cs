using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>Posts of the past.</summary>
public abstract partial class PostStoreContract
{
    private static readonly DateTimeOffset Past = new(2017, 8, 27, 0, 5, 34, TimeSpan.Zero);

    [Fact]
    public async Task An_import_stores_public_posts_under_ids_of_their_dates()
    {
        var live = await PostAsync(_ana);
        var outcomes = await Store.ImportAsync(
            [Imported(_ana, 2, "b"), Imported(_ana, 1, "a"), Imported(_bob, 3, "c")],
            Token
        );
        Assert.All(outcomes, outcome => Assert.Equal(ImportOutcome.Stored, outcome));

        var ids = await ListAsync(new PostList.ByAuthor(_ana));
        Assert.Equal(live, ids[0]);
        Assert.Equal(
            [Past.AddMinutes(2), Past.AddMinutes(1)],
            ids.Skip(1).Select(id => id.CreatedAt)
        );
        Assert.All(ids, id => Assert.Equal(_ana.Partition, Snowflake.PartitionOf(id.Value)));
        var bobs = Assert.Single(await ListAsync(new PostList.ByAuthor(_bob)));
        Assert.Equal(
            [
                new Post(
                    bobs,
                    _bob,
                    PostKind.Post,
                    Visibility.Public,
                    "c",
                    default,
                    default,
                    default,
                    default,
                    default
                ),
            ],
            await Store.GetManyAsync(new[] { bobs }, Token)
        );
        Assert.Equal([bobs, ids[1], ids[2]], await ListAsync(new PostList.WithHashtag(Tag)));
        Assert.Equal([bobs], await Store.MentioningAsync(_carol, new[] { bobs }, Token));
        Assert.Equal(
            [new PostsImported(_ana, ids[1]), new PostsImported(_bob, bobs)],
            (await EventsAsync()).Skip(1).OrderBy(ActorOf)
        );
        Assert.True(await PostAsync(_ana) > live);
    }

    [Fact]
    public async Task A_post_any_of_whose_keys_is_known_is_not_imported_again_even_when_it_was_deleted()
    {
        await Store.ImportAsync([Imported(_ana, 1, "a", "url a")], Token);
        await Store.DeleteAsync((await ListAsync(new PostList.ByAuthor(_ana)))[0], _ana, Token);
        var outcomes = await Store.ImportAsync(
            [
                Imported(_ana, 1, "a again", "url a"),
                Imported(_ana, 1, "a again"),
                Imported(_ana, 2, "b", "url b"),
                Imported(_bob, 2, "url b"),
            ],
            Token
        );
        Assert.Equal(
            [
                ImportOutcome.AlreadyThere,
                ImportOutcome.AlreadyThere,
                ImportOutcome.Stored,
                ImportOutcome.AlreadyThere,
            ],
            outcomes
        );
        Assert.Single(await ListAsync(new PostList.ByAuthor(_ana)));
        Assert.Empty(await ListAsync(new PostList.ByAuthor(_bob)));
    }

    [Fact]
    public async Task Of_imports_of_one_file_at_once_each_post_is_stored_once()
    {
        var file = Enumerable.Range(0, 30).Select(i => Imported(_ana, i, $"{i}")).ToList();
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Store.ImportAsync(file, Token))
        );
        Assert.Equal(30, outcomes.Sum(one => one.Count(it => it == ImportOutcome.Stored)));
        Assert.Equal(30, (await ListAsync(new PostList.ByAuthor(_ana))).Count);
    }

    [Fact]
    public async Task More_posts_of_one_moment_than_it_has_ids_go_to_the_next()
    {
        const int Many = 2 * (Snowflake.MaxSequence + 1) + 3;
        var file = Enumerable.Range(0, Many).Select(i => Imported(_ana, 0, $"{i}")).ToList();
        await Store.ImportAsync(file[..50], Token);
        var first = (await ListAsync(new PostList.ByAuthor(_ana)))[0];
        await Store.DeleteAsync(first, _ana, Token);
        await Store.ImportAsync(file[50..], Token);

        var ids = await ListAsync(new PostList.ByAuthor(_ana));
        Assert.Equal(Many - 1, ids.Count);
        Assert.DoesNotContain(first, ids);
        Assert.All(ids, id => Assert.InRange(id.CreatedAt, Past, Past.AddMilliseconds(2)));
    }

    [Fact]
    public async Task Nothing_is_imported_for_a_closed_author()
    {
        await Store.CloseAuthorAsync(_ana, Token);
        var outcomes = await Store.ImportAsync(
            [Imported(_ana, 1, "a"), Imported(_bob, 1, "b")],
            Token
        );
        Assert.Equal([ImportOutcome.AuthorClosed, ImportOutcome.Stored], outcomes);
        Assert.Empty((await EventsAsync(_ana)).OfType<PostsImported>());
    }

    private ImportedPost Imported(AccountId author, int minute, params string[] keys) =>
        new(
            author,
            Past.AddMinutes(minute),
            keys[0],
            [_carol],
            [Tag],
            [.. keys.Select(key => $"{_ana} {key}")]
        );
}
