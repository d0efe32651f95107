using System.Globalization;
using Rookery.Api;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Roles;

/// <summary>The search index in two shards: one in the process that does everything else too, the other in two processes of role search.</summary>
public sealed class SearchShardsTests : IAsyncLifetime
{
    private const int Posts = 60;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, ServerProcess> _processes = [];
    private readonly Dictionary<string, int> _ports = new()
    {
        ["first"] = FreePort.Take(),
        ["second"] = FreePort.Take(),
        ["third"] = FreePort.Take(),
    };

    private Dictionary<string, string> _environment = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        var postgres = await servers.PostgresAsync();
        _environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        _environment["Databases__Default"] = await postgres.CreateDatabaseAsync(Stop);
        _environment["Databases__Readers"] = "2";
        _environment["Service__Key"] = "the same key for all of them";
        _environment["Search__Shards"] =
            $"http://127.0.0.1:{_ports["first"]};http://127.0.0.1:{_ports["second"]},http://127.0.0.1:{_ports["third"]}";
        await StartAsync("first");
        await StartAsync("second");
        await StartAsync("third");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Both_are_searched_as_one_and_an_answer_says_so_when_one_is_lost()
    {
        var ana = await ClassicClient.SignUpAsync(_processes["first"].Http, "ana", Stop);
        var posted = new List<PostId>();
        for (var i = 0; i < Posts; i++)
        {
            var text = i % 2 == 0 ? $"razorbill {i} #auks" : $"razorbill and guillemot {i} #auks";
            posted.Insert(
                0,
                new PostId((await ana.PostAsync(text, Stop)).Require(201).Id("tweet_id"))
            );
        }

        foreach (var process in (string[])["first", "second", "third"])
        {
            await FoundAsync(process, "razorbill", posted);
            await FoundAsync(process, "guillemot", [.. posted.Where((_, i) => i % 2 == 0)]);
            await FoundAsync(process, "razorbil", posted);
            Assert.Equal((Posts, false), await UsesOfAuksAsync(process));
        }

        await _processes["second"].KillAsync();
        await FoundAsync("first", "razorbill", posted);
        Assert.Equal((Posts, false), await UsesOfAuksAsync("first"));

        await _processes["third"].KillAsync();
        var (rest, isPartial) = await SearchAsync("first", "razorbill&count=200");
        Assert.True(isPartial);
        Assert.InRange(rest.Count, 1, Posts - 1);
        Assert.Subset(posted.ToHashSet(), rest.ToHashSet());
        Assert.Equal((rest.Count, true), await UsesOfAuksAsync("first"));

        await StartAsync("third");
        await FoundAsync("first", "razorbill", posted);
    }

    [Fact]
    public async Task One_with_another_key_says_so_and_is_not_ready_and_the_others_go_on()
    {
        await _processes["third"].DisposeAsync();
        await StartAsync("third", "another key than all of them", "/health/live");
        var first = $"http://127.0.0.1:{_ports["first"]}/";
        var why =
            $"The service key is not the one of {first} (Search:Shards); both need the same Service:Key";
        var third = _processes["third"];
        await Wait.UntilAsync(
            () => Task.FromResult(third.Output.Contains(why, StringComparison.Ordinal)),
            () => third.Output,
            Stop
        );
        // Until then it says that its index is being filled.
        await Wait.UntilAsync(
            async () =>
            {
                using var ready = await third.Http.GetAsync("/health/ready", Stop);
                var text = await ready.Content.ReadAsStringAsync(Stop);
                return !ready.IsSuccessStatusCode && text.Contains(why, StringComparison.Ordinal);
            },
            () => third.Output,
            Stop
        );
        foreach (var well in (string[])["first", "second"])
        {
            using var ready = await _processes[well].Http.GetAsync("/health/ready", Stop);
            Assert.True(ready.IsSuccessStatusCode, well);
        }
    }

    /// <summary>Each process keeps the likes of who searched there.</summary>
    [Fact]
    public async Task What_somebody_likes_in_one_process_it_finds_in_all_and_not_when_it_does_no_more()
    {
        var ana = await ClassicClient.SignUpAsync(_processes["first"].Http, "ana", Stop);
        var ben = await ClassicClient.SignUpAsync(_processes["first"].Http, "ben", Stop);
        var answer = await ben.PostAsync("a dovekie", Stop, visibility: Visibility.Unlisted);
        var post = new PostId(answer.Require(201).Id("tweet_id"));
        await FoundAsync("third", "dovekie", [post], ben);
        await FoundByAnaAsync([]);
        (await ana.MarkAsync("like", post, Stop)).Require(200);
        await FoundByAnaAsync([post]);
        (await ana.MarkAsync("unlike", post, Stop)).Require(200);
        await FoundByAnaAsync([]);

        async Task FoundByAnaAsync(List<PostId> expected)
        {
            foreach (var process in _processes.Keys)
            {
                await FoundAsync(process, "dovekie", expected, ana);
            }
        }
    }

    [Fact]
    public async Task A_slip_is_put_right_for_all_but_who_has_it_in_what_not_everybody_finds()
    {
        var ben = await ClassicClient.SignUpAsync(_processes["first"].Http, "ben", Stop);
        var meant = new List<PostId>();
        for (var i = 0; i < 16; i++)
        {
            meant.Insert(0, await PostAsync($"turnstone {i}", Visibility.Public));
        }

        var own = await PostAsync("turnstnoe", Visibility.Followers);
        foreach (var process in _processes.Keys)
        {
            await FoundAsync(process, "turnstnoe", meant);
            await FoundAsync(process, "turnstnoe", [own], ben);
        }

        async Task<PostId> PostAsync(string text, Visibility visibility) =>
            new(
                (await ben.PostAsync(text, Stop, visibility: visibility))
                    .Require(201)
                    .Id("tweet_id")
            );
    }

    /// <summary>Page after page, and nothing is missing.</summary>
    private async Task FoundAsync(
        string process,
        string query,
        List<PostId> expected,
        ClassicClient? searcher = null
    )
    {
        IReadOnlyList<PostId> found = [];
        await Wait.UntilAsync(
            async () =>
            {
                var (all, isPartial) = await AllAsync(process, query, searcher);
                found = all;
                return !isPartial && all.SequenceEqual(expected);
            },
            () =>
                $"{process} finds {expected.Count} posts with {query}, not {found.Count}; it said: {_processes[process].Output}",
            Stop
        );
    }

    private async Task<(IReadOnlyList<PostId> Found, bool IsPartial)> AllAsync(
        string process,
        string query,
        ClassicClient? searcher
    )
    {
        var all = new List<PostId>();
        for (var isPartial = false; ; )
        {
            var below = all.Count > 0 ? $"&max_id={all[^1]}" : "";
            var (page, isPartialPage) = await SearchAsync(
                process,
                $"{query}&count=7{below}",
                searcher
            );
            all.AddRange(page);
            isPartial |= isPartialPage;
            if (page.Count < 7)
            {
                return (all, isPartial);
            }
        }
    }

    private async Task<(IReadOnlyList<PostId> Found, bool IsPartial)> SearchAsync(
        string process,
        string query,
        ClassicClient? searcher = null
    )
    {
        var caller = new Caller(_processes[process].Http, searcher?.Token);
        var answer = (
            await caller.SendAsync(HttpMethod.Get, $"/api/v1/search?query={query}", null, Stop)
        ).Require(200);
        return (
            [.. Entry.Many(answer).Select(entry => entry.Id)],
            answer.Headers.ContainsKey(SearchHeaders.Partial)
        );
    }

    private async Task<(int Uses, bool IsPartial)> UsesOfAuksAsync(string process)
    {
        var answer = (
            await new Caller(_processes[process].Http, null).SendAsync(
                HttpMethod.Get,
                "/api/v1/search_hashtags?query=auk",
                null,
                Stop
            )
        ).Require(200);
        var found = Assert.Single(answer.Json.EnumerateArray());
        Assert.Equal("auks", found.GetProperty("hashtag").GetString());
        return (
            found.GetProperty("post_count").GetInt32(),
            answer.Headers.ContainsKey(SearchHeaders.Partial)
        );
    }

    private async Task StartAsync(string name, string? key = null, string until = "/health/ready")
    {
        var shard = name == "first" ? 1 : 2;
        var environment = new Dictionary<string, string>(_environment)
        {
            ["Search__Shard"] = shard.ToString(CultureInfo.InvariantCulture),
        };
        environment["Service__Key"] = key ?? environment["Service__Key"];
        _processes[name] = await ServerProcess.StartAsync(
            Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName,
            Stop,
            environment,
            until,
            roles: shard == 1 ? null : "search",
            port: _ports[name]
        );
    }
}
