using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class CountThingsTests : IAccountTally, IDisposable
{
    private readonly AccountsWorld _world;
    private readonly Dictionary<AccountId, AccountCounts> _truth = [];

    public CountThingsTests() =>
        _world = new AccountsWorld(services => services.AddSingleton<IAccountTally>(this));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posts_replies_and_reposts_count_and_direct_posts_do_not()
    {
        var ana = await CreateAsync();
        await HandleAsync(
            Accepted(ana, PostKind.Post, Visibility.Public),
            Accepted(ana, PostKind.Reply, Visibility.Followers),
            Accepted(ana, PostKind.Repost, Visibility.Public),
            Accepted(ana, PostKind.Post, Visibility.Direct),
            Deleted(ana, PostKind.Post, Visibility.Direct)
        );
        Assert.Equal(3, (await CountsAsync(ana)).Posts);
        await HandleAsync(10, Deleted(ana, PostKind.Reply, Visibility.Followers));
        Assert.Equal(2, (await CountsAsync(ana)).Posts);
    }

    [Fact]
    public async Task A_follow_counts_on_both_sides_and_once()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        await HandleAsync(new Followed(ana, bob), new AccountCreated(ana));
        await HandleAsync(new Followed(ana, bob));
        Assert.Equal(new AccountCounts(0, 0, 1), await CountsAsync(ana));
        Assert.Equal(new AccountCounts(0, 1, 0), await CountsAsync(bob));
        await HandleAsync(2, new Unfollowed(ana, bob));
        Assert.Equal(default, await CountsAsync(bob));
    }

    [Fact]
    public async Task A_recount_finds_what_differs_and_repairs_it_only_when_told()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        await HandleAsync(new Followed(ana, bob));
        _truth[ana] = new AccountCounts(4, 0, 1);
        _truth[bob] = new AccountCounts(0, 1, 0);
        CountDifference[] expected = [new(ana, new AccountCounts(0, 0, 1), _truth[ana])];

        Assert.Equal(expected, await RecountAsync(repair: false));
        Assert.Equal(expected, await RecountAsync(repair: true));
        Assert.Equal(_truth[ana], await CountsAsync(ana));
        Assert.Empty(await RecountAsync(repair: false));
    }

    [Fact]
    public async Task An_event_on_its_way_is_neither_reported_nor_counted_twice()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        _truth[ana] = new AccountCounts(0, 0, 1);
        _truth[bob] = new AccountCounts(0, 1, 0);

        var seen = await RecountAsync(
            repair: true,
            settled: _ => HandleAsync(new Followed(ana, bob))
        );
        Assert.Empty(seen);
        Assert.Equal(new AccountCounts(0, 1, 0), await CountsAsync(bob));
    }

    public ValueTask TallyAsync(
        ReadOnlyMemory<AccountId> accounts,
        Memory<AccountCounts> counts,
        CancellationToken token
    )
    {
        for (var i = 0; i < accounts.Length; i++)
        {
            counts.Span[i] = _truth.GetValueOrDefault(accounts.Span[i]);
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose() => _world.Dispose();

    private static PostAccepted Accepted(AccountId author, PostKind kind, Visibility visibility) =>
        new(new PostId(1), author, kind, visibility, AuthorClass.Merged, default, default, []);

    private static PostDeleted Deleted(AccountId author, PostKind kind, Visibility visibility) =>
        new(new PostId(1), author, kind, default, default, visibility, []);

    private async Task<IReadOnlyList<CountDifference>> RecountAsync(
        bool repair,
        Func<CancellationToken, Task>? settled = null
    )
    {
        var (compared, differences) = (0, new List<CountDifference>());
        var recount = _world.Get<RecountThings>();
        await foreach (
            var chunk in recount.HandleAsync(settled ?? (_ => Task.CompletedTask), repair, Token)
        )
        {
            compared += chunk.Compared;
            differences.AddRange(chunk.Differences);
        }

        Assert.Equal(2, compared);
        return differences;
    }

    private async Task<AccountId> CreateAsync() =>
        (await _world.Get<CreateAccount>().HandleAsync("Ali", Token)).Value.Id;

    private Task HandleAsync(params DomainEvent[] events) => HandleAsync(1, events);

    private Task HandleAsync(long first, params DomainEvent[] events) =>
        _world
            .Get<IEventConsumer>()
            .HandleAsync(
                [.. events.Select((happened, i) => new Committed(first + i, happened))],
                Token
            );

    private async Task<AccountCounts> CountsAsync(AccountId account)
    {
        var cards = await _world.Get<IAccounts>().CardsAsync(new[] { account }, Token);
        return Assert.Single(cards).Counts;
    }
}
