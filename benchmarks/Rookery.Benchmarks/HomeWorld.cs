using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.Reading;
using Rookery.TestKit;

namespace Rookery.Benchmarks;

/// <summary>A whole server in this process, and one reader whose followees have posted.</summary>
internal sealed class HomeWorld : IAsyncDisposable
{
    private const string Text =
        "The starlings are back above the old pier tonight, thousands of them, and nobody counts ";

    private readonly World _world;

    private HomeWorld(World world, ClassicClient reader)
    {
        (_world, Reader) = (world, reader);
        Services = world.Server.Services;
        Read = Services.GetRequiredService<ReadTimeline>();
        Present = Services.GetRequiredService<PresentClassic>();
    }

    public ClassicClient Reader { get; }

    public IServiceProvider Services { get; }

    public ReadTimeline Read { get; }

    public PresentClassic Present { get; }

    public Uri Address => _world.Server.Http.BaseAddress!;

    public IReadOnlyList<AccountId> Followees { get; private set; } = [];

    public static async Task<HomeWorld> CreateAsync(int followees, int postsPerFollowee)
    {
        var world = await World.EmptyAsync(default);
        var home = new HomeWorld(world, await world.SignUpAsync("reader", default));
        await home.FillAsync(followees, postsPerFollowee);
        await world.SettleAsync(default);
        return home;
    }

    public static NewPost PostOf(AccountId author, int number) =>
        new(
            author,
            PostKind.Post,
            Visibility.Public,
            $"{Text}{number}",
            default,
            default,
            [],
            [],
            null
        );

    /// <summary>One page of the reader's home timeline into the page's output; answers its length.</summary>
    public async ValueTask<int> HomeAsync(TimelinePage into, int count)
    {
        do
        {
            await Read.HomeAsync(Reader.Id, new Page(count), includeOwn: false, into, default);
        } while (!Present.TryWrite(into));
        return into.Output.WrittenCount;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task FillAsync(int followees, int postsPerFollowee)
    {
        var create = Services.GetRequiredService<CreateAccount>();
        var graph = Services.GetRequiredService<IGraphStore>();
        var posts = Services.GetRequiredService<IPostStore>();
        var made = await Task.WhenAll(
            Enumerable.Range(0, followees).Select(i => create.HandleAsync($"Author {i}", default))
        );
        Followees = [.. made.Select(account => account.Value.Id)];
        await Task.WhenAll(
            Followees.Select(author => graph.FollowAsync(Reader.Id, author, default))
        );
        for (var round = 0; round < postsPerFollowee; round++)
        {
            await Task.WhenAll(
                Followees.Select(author => posts.AcceptAsync(PostOf(author, round), default))
            );
        }
    }
}
