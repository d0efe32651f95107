using System.Net;
using System.Text.Json;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What a member takes home is complete, and nobody else's to take.</summary>
public sealed class OwnDataTests
{
    /// <summary>More than is read at a time.</summary>
    private const int Posts = Page.MaxCount + 5;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_gets_all_own_posts_and_whom_the_account_follows()
    {
        await using var world = await World.EmptyAsync(Stop);
        var client = await world.SignUpAsync("ana", Stop);
        using var ana = await new Browser(world.Server.Http.BaseAddress!, Stop).OpenAsync("/login");
        await ana.SendAsync("main form", ("username", "ana"), ("password", ClassicClient.Password));
        Assert.Equal("", await GetAsync("posts.jsonl", "application/jsonl"));
        var bob = await world.SignUpAsync("bob", Stop);
        (await bob.PostAsync("by bob", Stop)).Require(201);
        await ana.OpenAsync("/@bob");
        await ana.PressAsync("[formaction$='/follow']");
        await ana.PressAsync("article .repost");
        await ana.FollowAsync("article .when");
        await ana.SendAsync("#reply", ("text", "an \"answer\"\nof two lines"));
        await ana.PostAsync("for bob alone, @bob", "direct");
        await Task.WhenAll(
            Enumerable.Range(0, Posts).Select(i => client.PostAsync($"post {i}", Stop))
        );

        var lines = (await GetAsync("posts.jsonl", "application/jsonl"))
            .TrimEnd('\n')
            .Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.Equal(Posts + 3, lines.Count);
        Assert.Equal(lines.Count, lines.Select(Id).Distinct().Count());
        Assert.Equal(lines.Select(Id).Order(), lines.Select(Id));
        Assert.Equal(
            ["repost", "reply", "post"],
            lines.Take(3).Select(line => line.GetProperty("kind").GetString())
        );
        Assert.Equal("an \"answer\"\nof two lines", lines[1].GetProperty("text").GetString());
        Assert.Equal(
            lines[0].GetProperty("repost_of").GetString(),
            lines[1].GetProperty("in_reply_to").GetString()
        );
        Assert.Equal("direct", lines[2].GetProperty("visibility").GetString());
        Assert.Equal(
            Enumerable.Range(0, Posts).Select(i => $"post {i}").Order(),
            lines.Skip(3).Select(line => line.GetProperty("text").GetString()!).Order()
        );
        await ana.OpenAsync(new Uri(lines[1].GetProperty("url").GetString()!).AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, ana.Status);

        Assert.Equal(
            $"Account address,Show boosts,Notify on new posts,Languages\nbob@{ana.Address.Authority},true,false,\n",
            await GetAsync("follows.csv", "text/csv")
        );
        await ana.OpenAsync("/@bob");
        await ana.PressAsync("[formaction$='/mute'][value='0']");
        Assert.Equal(
            $"Account address,Hide notifications\nbob@{ana.Address.Authority},true\n",
            await GetAsync("mutes.csv", "text/csv")
        );
        Assert.Equal("", await GetAsync("blocks.csv", "text/csv"));
        await ana.PressAsync("[formaction$='/block']");
        Assert.Equal($"bob@{ana.Address.Authority}\n", await GetAsync("blocks.csv", "text/csv"));
        await ana.OpenAsync("/settings");
        Assert.Equal(4, ana.Page.QuerySelectorAll("[href^='/settings/export/']").Length);

        async Task<string> GetAsync(string file, string type)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/settings/export/{file}");
            using var answer = await ana.RawAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            PageRules.AssertHeaders(answer);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(
                $"attachment; filename=\"ana-{file}\"",
                answer.Content.Headers.ContentDisposition!.ToString()
            );
            return await answer.Content.ReadAsStringAsync(Stop);
        }

        static long Id(JsonElement line) =>
            long.Parse(
                line.GetProperty("id").GetString()!,
                System.Globalization.CultureInfo.InvariantCulture
            );
    }
}
