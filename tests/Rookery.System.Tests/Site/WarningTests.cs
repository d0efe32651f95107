using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What is hidden at first on the site: how it is written, shown, answered, and passed on to programs.</summary>
public sealed class WarningTests : OneMember
{
    [Fact]
    public async Task A_warning_is_shown_in_place_of_the_text_and_an_answer_takes_it_over()
    {
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "eight legs"),
            ("spoiler_text", "Spiders <b>")
        );
        var hidden = Ana.Find("article details.warned");
        Assert.False(hidden.HasAttribute("open"));
        Assert.EndsWith(
            "Spiders <b>",
            hidden.QuerySelector("summary")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal("eight legs", hidden.QuerySelector(".text")!.TextContent);
        Assert.NotNull(hidden.QuerySelector(".media img"));
        Assert.Single(Ana.Page.QuerySelectorAll("article .text"));

        await Ana.FollowAsync("article .when");
        Assert.Equal("Spiders <b>", Ana.Find("#reply [name=spoiler_text]").GetAttribute("value"));
        Assert.True(Ana.Find("#reply .warns").HasAttribute("open"));
        await Ana.SendAsync("#reply", ("text", "and eight eyes"));
        Assert.Contains(
            "Spiders <b>",
            Ana.Find("[data-list] article summary").TextContent,
            StringComparison.Ordinal
        );
        await Ana.OpenAsync("/search?q=spiders");
        Assert.Equal(2, Ana.Page.QuerySelectorAll("article").Length);
    }

    [Fact]
    public async Task Pictures_alone_can_be_hidden_and_a_warning_that_is_too_long_is_said_at_its_field()
    {
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "in plain sight"),
            ("sensitive", "true")
        );
        var hidden = Ana.Find("article details.warned");
        Assert.Null(hidden.QuerySelector(".text"));
        Assert.NotNull(hidden.QuerySelector(".media img"));
        Assert.Equal("in plain sight", Ana.Find("article .text").TextContent);

        await Ana.SendFilesAsync(
            "form#write",
            [],
            ("text", "short"),
            ("spoiler_text", new string('x', 501))
        );
        Assert.Equal(HttpStatusCode.BadRequest, Ana.Status);
        Assert.True(Ana.Find(".warns").HasAttribute("open"));
        Assert.Contains(
            "501 characters",
            Ana.Find("#spoiler_text-error").TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal(new string('x', 501), Ana.Find("[name=spoiler_text]").GetAttribute("value"));
    }

    [Fact]
    public async Task Programs_that_hide_nothing_get_the_warning_and_nothing_of_what_is_behind_it()
    {
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "eight legs"),
            ("spoiler_text", "Spiders & more"),
            ("alt1", "a tarantula")
        );
        await Ana.FollowAsync("article .when");
        Assert.Equal("Spiders & more", Meta("og:description"));
        Assert.DoesNotContain("/media/", Meta("og:image"), StringComparison.Ordinal);
        await Ana.OpenAsync("/home");
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "in plain sight"),
            ("sensitive", "true"),
            ("alt1", "a tarantula")
        );
        await Ana.FollowAsync("article .when");
        Assert.Equal("in plain sight", Meta("og:description"));
        Assert.DoesNotContain("/media/", Meta("og:image"), StringComparison.Ordinal);

        foreach (var kind in (string[])["rss", "atom"])
        {
            var feed = await World.Server.Http.GetStringAsync($"/@ana.{kind}", Stop);
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
        using var answer = await Ana.RawAsync(request);
        var lines = (await answer.Content.ReadAsStringAsync(Stop)).TrimEnd('\n').Split('\n');
        Assert.Equal(
            "Spiders & more",
            JsonElement.Parse(lines[0]).GetProperty("spoiler_text").GetString()
        );
    }

    private string Meta(string name) =>
        Ana.Find($"meta[property='{name}']").GetAttribute("content")!;
}
