using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>Idempotency keys.</summary>
public abstract partial class PostStoreContract
{
    [Fact]
    public async Task A_repeated_key_answers_what_the_first_request_got()
    {
        var first = (await Store.AcceptAsync(Draft(_ana, key: Key("k", 1)), Token)).Value;
        Assert.False(first.Repeated);
        Assert.Equal(
            first with
            {
                Repeated = true,
            },
            (await Store.AcceptAsync(Draft(_ana, key: Key("k", 1)), Token)).Value
        );

        await Store.DeleteAsync(first.Post.Id, _ana, Token);
        await ReopenAsync();
        Assert.Equal(
            first with
            {
                Repeated = true,
            },
            (await Store.AcceptAsync(Draft(_ana, key: Key("k", 1)), Token)).Value
        );
        Assert.Single((await EventsAsync()).OfType<PostAccepted>());
    }

    [Fact]
    public async Task Requests_with_one_key_that_are_under_way_together_store_one_post()
    {
        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 12)
                    .Select(_ => Store.AcceptAsync(Draft(_ana, key: Key($"{round}", 1)), Token))
            );
            Assert.Single(answers.Select(answer => answer.Value.Post).Distinct());
            Assert.Single(answers, answer => !answer.Value.Repeated);
        }

        Assert.Equal(10, (await ListAsync(new PostList.ByAuthor(_ana))).Count);
    }

    [Fact]
    public async Task A_key_that_stands_for_another_request_is_refused()
    {
        await Store.AcceptAsync(Draft(_ana, key: Key("k", 1)), Token);
        var other = await Store.AcceptAsync(Draft(_ana, key: Key("k", 2)), Token);
        Assert.Equal(ProblemKind.KeyReused, other.Problem?.Kind);
        Assert.Single(await ListAsync(new PostList.ByAuthor(_ana)));

        var raced = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    Store.AcceptAsync(Draft(_ana, key: Key("raced", (byte)(i % 2))), Token)
                )
        );
        Assert.Equal(6, raced.Count(answer => answer.Problem?.Kind == ProblemKind.KeyReused));
        Assert.Single(
            raced.Where(answer => answer.Succeeded).Select(answer => answer.Value.Post).Distinct()
        );
    }

    [Fact]
    public async Task A_key_is_its_accounts_own()
    {
        var ana = (await Store.AcceptAsync(Draft(_ana, key: Key("k", 1)), Token)).Value;
        var bob = (await Store.AcceptAsync(Draft(_bob, key: Key("k", 2)), Token)).Value;
        Assert.False(bob.Repeated);
        Assert.NotEqual(ana.Post.Id, bob.Post.Id);
        Assert.Equal(
            bob.Post,
            (await Store.AcceptAsync(Draft(_bob, key: Key("k", 2)), Token)).Value.Post
        );
    }

    [Fact]
    public async Task A_refused_request_leaves_its_key_free()
    {
        var gone = await PostAsync(_bob);
        await Store.DeleteAsync(gone, _bob, Token);
        var refused = await Store.AcceptAsync(Draft(_ana, parent: gone, key: Key("k", 1)), Token);
        Assert.False(refused.Succeeded);
        var accepted = await Store.AcceptAsync(Draft(_ana, key: Key("k", 2)), Token);
        Assert.False(accepted.Value.Repeated);
    }

    [Fact]
    public async Task What_a_key_stands_for_can_be_asked_without_storing()
    {
        Assert.Null(await Store.FindAnswerAsync(_ana, Key("k", 1), Token));
        var first = (await Store.AcceptAsync(Draft(_ana, key: Key("k", 1)), Token)).Value;
        Assert.Equal(
            first with
            {
                Repeated = true,
            },
            (await Store.FindAnswerAsync(_ana, Key("k", 1), Token))?.Value
        );
        var other = await Store.FindAnswerAsync(_ana, Key("k", 2), Token);
        Assert.Equal(ProblemKind.KeyReused, other?.Problem?.Kind);
        Assert.Null(await Store.FindAnswerAsync(_bob, Key("k", 1), Token));
        Pass(TimeSpan.FromHours(25));
        Assert.Null(await Store.FindAnswerAsync(_ana, Key("k", 1), Token));
        Assert.Single(await ListAsync(new PostList.ByAuthor(_ana)));
    }

    [Fact]
    public async Task A_key_is_kept_for_a_day()
    {
        var first = (await Store.AcceptAsync(Draft(_ana, key: Key("k", 1)), Token)).Value;
        Pass(TimeSpan.FromHours(23));
        Assert.True((await Store.AcceptAsync(Draft(_ana, key: Key("k", 1)), Token)).Value.Repeated);
        Pass(TimeSpan.FromHours(2));
        var next = (await Store.AcceptAsync(Draft(_ana, key: Key("k", 2)), Token)).Value;
        Assert.False(next.Repeated);
        Assert.True(next.Post.Id > first.Post.Id);
    }

    private static IdempotencyKey Key(string key, byte hash) => new(key, new[] { hash });
}
