using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Graph;

public sealed class StreamFollowsTests : IDisposable
{
    private static readonly AccountId Star = new(1);

    private readonly SqliteFile _file = new();
    private readonly SqlGraphStore _store;

    public StreamFollowsTests() => _store = new SqlGraphStore(_file.Database);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(FollowStream.Chunk - 1)]
    [InlineData(FollowStream.Chunk)]
    [InlineData((2 * FollowStream.Chunk) + 1)]
    public async Task Every_follower_comes_once_in_ascending_order(int count)
    {
        var followers = Enumerable.Range(10, count).Select(id => new AccountId(id)).ToList();
        await _store.ImportFollowsAsync([.. followers.Select(id => (id, Star))], null, Token);
        var stream = await new StreamFollows(_store, new KnownAccounts(Star)).HandleAsync(
            new FollowersOf(Star),
            "tweeter_id",
            Token
        );
        var read = new List<AccountId>();
        await foreach (var follower in stream.Value.WithCancellation(Token))
        {
            read.Add(follower);
        }

        Assert.Equal(followers, read);
    }

    [Fact]
    public async Task An_unknown_account_has_no_lists()
    {
        var accounts = new KnownAccounts();
        var stream = await new StreamFollows(_store, accounts).HandleAsync(
            new FolloweesOf(Star),
            "follower_id",
            Token
        );
        Assert.Equal(
            (ProblemKind.NotFound, "follower_id"),
            (stream.Problem!.Kind, stream.Problem.Field)
        );
        var page = await new ListMembers(_store, accounts, TimeProvider.System).HandleAsync(
            new FollowersOf(Star),
            new Page(1),
            "user_id",
            Token
        );
        Assert.Equal((ProblemKind.NotFound, "user_id"), (page.Problem!.Kind, page.Problem.Field));
    }
}
