using System.Text.Json;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What the site says of itself to programs before they ask for anything else.</summary>
public sealed class InstanceTests : IAsyncLifetime
{
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Site:Name"] = "The Reeds",
                ["Site:Description"] = "Where herons & egrets meet",
                ["Site:Contact"] = "keeper@herons.example",
                ["Site:Rules"] = "No crows.\nBe still.",
                ["Posts:MaxLength"] = "321",
                ["Media:MaxBytes"] = "4321",
            }
        );

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Clients_learn_what_the_site_is_and_what_it_takes()
    {
        await _world.SignUpAsync("ana", Stop);
        var address = _world.Server.Http.BaseAddress!;
        // Some programs write a slash behind it.
        foreach (var path in (string[])["/api/v2/instance", "/api/v2/instance/"])
        {
            var now = await GetAsync(path);
            Assert.Empty(MastodonShape.WrongWith(now, "Instance"));
            Assert.Equal(address.Authority, now.GetProperty("domain").GetString());
            Assert.Equal("The Reeds", now.GetProperty("title").GetString());
            Assert.StartsWith("4.", now.GetProperty("version").GetString(), Ordinal);
            AssertLimits(now.GetProperty("configuration"));
            AssertRules(now.GetProperty("rules"));
            Assert.Equal(
                "keeper@herons.example",
                now.GetProperty("contact").GetProperty("email").GetString()
            );
            var icon = now.GetProperty("thumbnail").GetProperty("url").GetString();
            using var picture = await _world.Server.Http.GetAsync(icon, Stop);
            Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
        }

        var old = await GetAsync("/api/v1/instance");
        Assert.Empty(MastodonShape.WrongWith(old, "V1Instance"));
        Assert.Equal(address.Authority, old.GetProperty("uri").GetString());
        Assert.Equal(1, old.GetProperty("stats").GetProperty("user_count").GetInt64());
        AssertLimits(old.GetProperty("configuration"));
        AssertRules(await GetAsync("/api/v1/instance/rules"));

        static void AssertLimits(JsonElement configuration)
        {
            Assert.Equal(
                321,
                configuration.GetProperty("statuses").GetProperty("max_characters").GetInt32()
            );
            Assert.Equal(
                4321,
                configuration
                    .GetProperty("media_attachments")
                    .GetProperty("image_size_limit")
                    .GetInt32()
            );
        }

        static void AssertRules(JsonElement rules) =>
            Assert.Equal(
                [("1", "No crows."), ("2", "Be still.")],
                rules
                    .EnumerateArray()
                    .Select(rule =>
                        (rule.GetProperty("id").GetString(), rule.GetProperty("text").GetString())
                    )
            );
    }

    [Fact]
    public async Task Who_counts_servers_finds_what_this_one_runs_by_its_first_document()
    {
        var ana = await _world.SignUpAsync("ana", Stop);
        (await ana.PostAsync("hello", Stop)).Require(201);
        await _world.SettleAsync(Stop);
        var links = (await GetAsync("/.well-known/nodeinfo")).GetProperty("links");
        Assert.Equal(2, links.GetArrayLength());
        foreach (var link in links.EnumerateArray())
        {
            var node = await GetAsync(link.GetProperty("href").GetString()!);
            Assert.EndsWith(
                node.GetProperty("version").GetString()!,
                link.GetProperty("rel").GetString(),
                Ordinal
            );
            Assert.Equal("rookery", node.GetProperty("software").GetProperty("name").GetString());
            var usage = node.GetProperty("usage");
            Assert.Equal(1, usage.GetProperty("users").GetProperty("total").GetInt32());
            Assert.Equal(1, usage.GetProperty("localPosts").GetInt32());
            Assert.True(node.GetProperty("openRegistrations").GetBoolean());
        }
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _world.Server.Http.GetAsync(path, Stop);
        answer.EnsureSuccessStatusCode();
        Assert.Equal(["*"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;
}
