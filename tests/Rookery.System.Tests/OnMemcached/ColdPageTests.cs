using Microsoft.Extensions.DependencyInjection;
using Rookery.Search;
using Rookery.Sharing;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.OnMemcached;

/// <summary>What a page costs on a server that has nothing of it in memory.</summary>
public sealed class ColdPageTests
{
    private const int Authors = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posts_and_cards_that_another_server_has_shared_cost_no_query_and_one_question_for_each_kind()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        var memcached = await servers.MemcachedAsync();
        var settings = new Dictionary<string, string?>
        {
            ["Databases:Default"] = await (await servers.PostgresAsync()).CreateDatabaseAsync(Stop),
            ["Databases:Readers"] = "2",
        };
        var shared = new Dictionary<string, string?>(settings)
        {
            ["Memcached:Nodes"] = $"127.0.0.1:{memcached.Port}",
            // A machine that is busy is not a memcached that is away.
            ["Memcached:PatienceMilliseconds"] = "5000",
        };
        await using var world = await World.EmptyAsync(Stop, shared);
        var reader = await MakeHomeAsync(world);

        var without = await CallsOfColdPageAsync(settings, reader);
        var with = await CallsOfColdPageAsync(shared, reader);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"cold page of {Authors}, without: {string.Join(' ', without)}; with: {string.Join(' ', with)}"
        );
        Assert.Single(without, "GetManyAsync");
        Assert.Single(without, "CardsAsync");
        Assert.Equal(
            OfThePage(without).Where(call => call is not ("GetManyAsync" or "CardsAsync")),
            OfThePage(with).Where(call => call is not "GetAsync")
        );
        Assert.Equal(2, with.Count(call => call == "GetAsync"));
    }

    /// <summary>What a server that has just been started does beside pages is none of theirs.</summary>
    private static IEnumerable<string> OfThePage(IEnumerable<string> calls) =>
        calls.Where(call => call is not ("PruneSessionsAsync" or "get_Keeps"));

    private static async Task<ClassicClient> MakeHomeAsync(World world)
    {
        var reader = await world.SignUpAsync("reader", Stop);
        for (var i = 0; i < Authors; i++)
        {
            var author = await world.SignUpAsync($"author_{i}", Stop);
            (await reader.RelateAsync("follow", author.Id, Stop)).Require(200);
            (await author.PostAsync($"of author {i}", Stop)).Require(201);
        }

        await world.SettleAsync(Stop);
        // What the server made itself it has in memory; now it reads and shares it.
        await world.Server.ForgetAsync(Stop);
        await KnowsThePastAsync(world.Server);
        Assert.Equal(Authors, (await reader.HomeAsync(new Page(Authors), Stop)).Count);
        return reader;
    }

    /// <summary>Before, it neither shares nor believes anything.</summary>
    private static Task KnowsThePastAsync(IRunningServer server) =>
        Wait.UntilAsync(
            () =>
                Task.FromResult(
                    server.Services.GetRequiredService<SharedSources>() is var shared
                        && shared.Posts.Changes.Covers(0)
                        && shared.Cards.Changes.Covers(0)
                ),
            () => "the past is read",
            Stop
        );

    /// <summary>By a server that has just been started and has read of the past what it wants.</summary>
    private static async Task<List<string>> CallsOfColdPageAsync(
        Dictionary<string, string?> settings,
        ClassicClient reader
    )
    {
        var ports = new CountedPorts();
        await using var world = await World.EmptyAsync(Stop, settings, ports);
        if (settings.ContainsKey("Memcached:Nodes"))
        {
            await KnowsThePastAsync(world.Server);
        }

        // What it reads for the search index is none of the page's.
        await world.Server.Services.GetRequiredService<IndexPosts>().CaughtUpAsync(Stop);
        var before = ports.Calls.Count;
        var home = await reader.At(world.Server.Http).HomeAsync(new Page(Authors), Stop);
        Assert.Equal(Authors, home.Count);
        return [.. ports.Calls.Skip(before)];
    }
}
