using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Search;
using Rookery.TestKit;
using Rookery.Tests.Reading;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>What accounts want of the index, when the posts cannot be read between.</summary>
public sealed class IndexAccountsTests
{
    private const int Posts = 3 * Page.MaxCount;

    private static readonly AccountId _author = new(1 << 12);

    private readonly ScriptedPosts _posts = new();
    private readonly IndexedPosts _indexed = IndexedPosts.Empty(new SearchOptions());
    private readonly AddToIndex _add;
    private readonly IndexAccounts _accounts;
    private int _pagesUntilFault = int.MaxValue;

    public IndexAccountsTests()
    {
        _add = new AddToIndex(_posts, new ShardLayout(Options.Create(new SearchOptions())));
        _accounts = new IndexAccounts(new KnownAccounts(_author), _add);
        _posts.Listing = page =>
            _pagesUntilFault-- == 0
                ? throw new StoreUnavailableException("away")
                :
                [
                    .. _posts
                        .Standing.Select(post => post.Id)
                        .Where(id => id.Value < page.Below)
                        .OrderDescending()
                        .Take(page.Count),
                ];
        for (var id = 1; id <= Posts; id++)
        {
            _posts.Standing.Add(
                new Post(
                    new PostId(id),
                    _author,
                    PostKind.Post,
                    Visibility.Public,
                    "a ptarmigan",
                    default,
                    default,
                    default,
                    default,
                    default
                )
            );
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_choice_that_a_fault_interrupts_is_followed_to_its_end_when_it_is_told_again()
    {
        await _add.AddAsync(_indexed, _posts.Standing, Stop);
        foreach (var isIndexable in new[] { false, true })
        {
            _pagesUntilFault = 1;
            await Assert.ThrowsAsync<StoreUnavailableException>(() => ChooseAsync(isIndexable));
            _pagesUntilFault = int.MaxValue;
            await ChooseAsync(isIndexable);
            Assert.All(
                _posts.Standing,
                post =>
                {
                    Assert.Equal(isIndexable, _indexed.Public.HasAlive(post.Id));
                    Assert.Equal(isIndexable, _indexed.Public.Has(post.Id));
                    Assert.True(_indexed.Guarded.HasAlive(post.Id));
                }
            );
            Assert.Equal(
                isIndexable ? Posts : 0,
                _indexed.Public.CountOf(TermKind.Word, "ptarmigan"u8)
            );
        }
    }

    private Task ChooseAsync(bool isIndexable)
    {
        var card = new AccountCard(_author, "ana", "", "", default, default, isIndexable);
        return _accounts.ApplyAsync(_indexed, new AccountsNow([card], []), Stop);
    }
}
