using Rookery.SystemTests.Faults;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.OnMemcached;

/// <summary>Two servers on one PostgreSQL and two memcacheds: what one took away the other never shows, whatever memcached holds or does.</summary>
[Collection(nameof(LongTests))]
public sealed class SharedPostsTests : IAsyncLifetime
{
    private const int Rounds = 30;
    private const int Authors = 6;

    private MemcachedPair _pair = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Page Newest => new(20);

    public async ValueTask InitializeAsync()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        _pair = await MemcachedPair.StartAsync(await servers.PostgresAsync(), Stop);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task What_one_deleted_the_other_never_shows()
    {
        var people = await PeopleAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await DeleteAndLookAsync(people, $"round {round}");
        }

        Assert.InRange(await _pair.HitsAsync(Stop), Rounds, long.MaxValue);
    }

    [Fact]
    public async Task What_one_deleted_the_other_never_shows_while_memcached_comes_and_goes()
    {
        var people = await PeopleAsync();
        foreach (
            var trouble in new Func<MemcachedServer, Task>[]
            {
                node => node.StopAsync(),
                node => node.ContinueAsync(),
                node => node.KillAsync(),
                node => node.BeginAsync(Stop),
            }
        )
        {
            foreach (var node in _pair.Nodes)
            {
                var during = RoundsAsync(people);
                await trouble(node);
                await during;
                await DeleteAndLookAsync(people, "afterwards");
            }
        }
    }

    [Fact]
    public async Task An_author_who_is_gone_is_gone_everywhere()
    {
        for (var round = 0; round < 5; round++)
        {
            var author = await ClassicClient.SignUpAsync(_pair.One.Http, $"gone_{round}", Stop);
            var reader = await ClassicClient.SignUpAsync(_pair.Other.Http, $"here_{round}", Stop);
            var post = Id(await author.PostAsync("soon gone", Stop));
            var repost = Id(await reader.MarkAsync("repost", post, Stop));
            Assert.Equal(200, (await _pair.Other.Service.PostByIdAsync(repost, Stop)).Status);

            (await author.DeleteAccountAsync(Stop)).Require(200);

            Assert.Equal(404, (await _pair.Other.Service.PostByIdAsync(post, Stop)).Status);
            Assert.Equal(404, (await _pair.Other.Service.PostByIdAsync(repost, Stop)).Status);
            Assert.Equal(404, (await reader.UserAsync(author.Id, Stop)).Status);
            Assert.Empty(await reader.UserTimelineAsync(reader.Id, Newest, Stop));
        }
    }

    [Fact]
    public async Task Memcached_gone_under_load()
    {
        var people = await PeopleAsync();
        var posts = await AcknowledgedPosts.OfAsync(_pair.One.Http, Authors);

        await posts.DuringAsync(
            async () =>
            {
                foreach (var node in _pair.Nodes)
                {
                    await node.KillAsync();
                }

                await RoundsAsync(people);
                foreach (var node in _pair.Nodes)
                {
                    await node.BeginAsync(Stop);
                }

                await RoundsAsync(people);
            },
            "memcached gone, and back",
            _pair.Nodes[0].ProcessId
        );
    }

    private async Task<(ClassicClient Author, ClassicClient Reader)> PeopleAsync()
    {
        var author = await ClassicClient.SignUpAsync(_pair.One.Http, "alice", Stop);
        var reader = await ClassicClient.SignUpAsync(_pair.Other.Http, "bob", Stop);
        (await reader.RelateAsync("follow", author.Id, Stop)).Require(200);
        return (author, reader);
    }

    private async Task RoundsAsync((ClassicClient Author, ClassicClient Reader) people)
    {
        for (var round = 0; round < Rounds / 3; round++)
        {
            await DeleteAndLookAsync(people, $"meanwhile {round}");
        }
    }

    /// <summary>Both servers have read the post, so both and memcached hold it; then one of them deletes it.</summary>
    private async Task DeleteAndLookAsync(
        (ClassicClient Author, ClassicClient Reader) people,
        string text
    )
    {
        var (author, reader) = people;
        var post = Id(await author.PostAsync(text, Stop));
        foreach (var server in new[] { _pair.One, _pair.Other, _pair.Other })
        {
            var shown = (await server.Service.PostByIdAsync(post, Stop)).Require(200).Json;
            Assert.Equal(text, shown.GetProperty("content").GetString());
        }

        (await author.DeleteAsync(post, Stop)).Require(200);

        foreach (var server in new[] { _pair.Other, _pair.One })
        {
            Assert.Equal(404, (await server.Service.PostByIdAsync(post, Stop)).Status);
            Assert.DoesNotContain(
                await reader.At(server.Http).HomeAsync(Newest, Stop),
                entry => entry.Id == post
            );
        }
    }

    private static PostId Id(Answer answer) => new(answer.Id("tweet_id"));
}
