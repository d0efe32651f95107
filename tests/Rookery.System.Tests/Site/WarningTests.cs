using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What is hidden at first on the site: how it is written, shown, answered, and passed on to programs.</summary>
public sealed class WarningTests : IAsyncLifetime
{
    private World _world = null!;
    private Browser _ana = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        _ana = await new Browser(_world.Server.Http.BaseAddress!, Stop).SignUpAsync("ana");
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_warning_is_shown_in_place_of_the_text_and_an_answer_takes_it_over()
    {
        await _ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "eight legs"),
            ("spoiler_text", "Spiders <b>")
        );
        var hidden = _ana.Find("article details.warned");
        Assert.False(hidden.HasAttribute("open"));
        Assert.EndsWith(
            "Spiders <b>",
            hidden.QuerySelector("summary")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal("eight legs", hidden.QuerySelector(".text")!.TextContent);
        Assert.NotNull(hidden.QuerySelector(".media img"));
        Assert.Single(_ana.Page.QuerySelectorAll("article .text"));

        await _ana.FollowAsync("article .when");
        Assert.Equal("Spiders <b>", _ana.Find("#reply [name=spoiler_text]").GetAttribute("value"));
        Assert.True(_ana.Find("#reply .warns").HasAttribute("open"));
        await _ana.SendAsync("#reply", ("text", "and eight eyes"));
        Assert.Contains(
            "Spiders <b>",
            _ana.Find("[data-list] article summary").TextContent,
            StringComparison.Ordinal
        );
        await _ana.OpenAsync("/search?q=spiders");
        Assert.Equal(2, _ana.Page.QuerySelectorAll("article").Length);
    }

    [Fact]
    public async Task Pictures_alone_can_be_hidden_and_a_warning_that_is_too_long_is_said_at_its_field()
    {
        await _ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "in plain sight"),
            ("sensitive", "true")
        );
        var hidden = _ana.Find("article details.warned");
        Assert.Null(hidden.QuerySelector(".text"));
        Assert.NotNull(hidden.QuerySelector(".media img"));
        Assert.Equal("in plain sight", _ana.Find("article .text").TextContent);

        await _ana.SendFilesAsync(
            "form#write",
            [],
            ("text", "short"),
            ("spoiler_text", new string('x', 501))
        );
        Assert.Equal(HttpStatusCode.BadRequest, _ana.Status);
        Assert.True(_ana.Find(".warns").HasAttribute("open"));
        Assert.Contains(
            "501 characters",
            _ana.Find("#spoiler_text-error").TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal(new string('x', 501), _ana.Find("[name=spoiler_text]").GetAttribute("value"));
    }

    [Fact]
    public async Task Programs_that_hide_nothing_get_the_warning_and_nothing_of_what_is_behind_it()
    {
        await _ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "eight legs"),
            ("spoiler_text", "Spiders & more"),
            ("alt1", "a tarantula")
        );
        await _ana.FollowAsync("article .when");
        Assert.Equal("Spiders & more", Meta("og:description"));
        Assert.DoesNotContain("/media/", Meta("og:image"), StringComparison.Ordinal);
        await _ana.OpenAsync("/home");
        await _ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "in plain sight"),
            ("sensitive", "true"),
            ("alt1", "a tarantula")
        );
        await _ana.FollowAsync("article .when");
        Assert.Equal("in plain sight", Meta("og:description"));
        Assert.DoesNotContain("/media/", Meta("og:image"), StringComparison.Ordinal);

        foreach (var kind in (string[])["rss", "atom"])
        {
            var feed = await _world.Server.Http.GetStringAsync($"/@ana.{kind}", Stop);
            Assert.DoesNotContain("legs", feed, StringComparison.Ordinal);
            Assert.DoesNotContain("tarantula", feed, StringComparison.Ordinal);
            Assert.DoesNotContain("/media/", feed, StringComparison.Ordinal);
            var texts = XDocument
                .Parse(feed)
                .Descendants()
                .Where(one => !one.HasElements)
                .Select(one => one.Value)
                .ToList();
            Assert.Contains("Spiders & more", texts);
            Assert.Contains("<p>Content warning: Spiders &amp; more</p>", texts);
            Assert.Contains(
                texts,
                text => text.StartsWith("<p>in plain sight</p>", StringComparison.Ordinal)
            );
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/settings/export/posts.jsonl");
        using var answer = await _ana.RawAsync(request);
        var lines = (await answer.Content.ReadAsStringAsync(Stop)).TrimEnd('\n').Split('\n');
        Assert.Equal(
            "Spiders & more",
            JsonElement.Parse(lines[0]).GetProperty("spoiler_text").GetString()
        );
    }

    private string Meta(string name) =>
        _ana.Find($"meta[property='{name}']").GetAttribute("content")!;
}
