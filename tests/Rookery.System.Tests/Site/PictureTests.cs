using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using AngleSharp.Dom;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>Pictures on the site: how they are posted without JavaScript, and how they are shown.</summary>
public sealed class PictureTests : OneMember
{
    private IEnumerable<IElement> Shown => Ana.Page.QuerySelectorAll("article .media img");

    [Fact]
    public async Task Pictures_are_posted_with_their_descriptions_and_lead_to_their_files()
    {
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png(40, 30)), ("file3", SamplePictures.Jpeg())],
            ("text", "two rooks"),
            ("alt1", "A rook \"on\" a <roof>")
        );
        Assert.Equal("/home", Ana.Place);
        Assert.Equal(["two rooks"], Ana.Posts());
        Assert.Equal(
            ["A rook \"on\" a <roof>", "A picture without a description"],
            Shown.Select(picture => picture.GetAttribute("alt"))
        );
        var first = Shown.First();
        Assert.Equal(
            ("40", "30", "x-5 y-5"),
            (first.GetAttribute("width"), first.GetAttribute("height"), first.GetAttribute("class"))
        );
        foreach (var picture in Shown)
        {
            var address = picture.GetAttribute("src")!;
            Assert.Equal(address, picture.ParentElement!.GetAttribute("href"));
            using var file = await World.Server.Http.GetAsync(address, Stop);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        }
    }

    [Fact]
    public async Task A_picture_needs_no_text_and_a_form_without_either_is_refused()
    {
        await Ana.SendFilesAsync("form#write", [("file2", SamplePictures.Png())]);
        Assert.Single(Shown);
        Assert.Empty(Ana.Posts());
        await Ana.SendFilesAsync("form#write", []);
        Assert.Equal(HttpStatusCode.BadRequest, Ana.Status);
    }

    [Fact]
    public async Task What_was_stored_is_kept_while_the_rest_is_put_right()
    {
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png()), ("file2", "no picture"u8.ToArray())],
            ("text", "a rook"),
            ("alt1", "A rook")
        );
        Assert.Equal(HttpStatusCode.BadRequest, Ana.Status);
        Assert.Contains("Picture 2", Ana.Text, StringComparison.Ordinal);
        Assert.Contains("A rook", Ana.Find(".kept").TextContent, StringComparison.Ordinal);
        await Ana.SendFilesAsync("form.compose", [], ("text", new string('x', 501)));
        Assert.Equal(HttpStatusCode.BadRequest, Ana.Status);
        await Ana.SendFilesAsync(
            "form.compose",
            [("file1", SamplePictures.Jpeg())],
            ("text", "two rooks after all")
        );
        await Ana.OpenAsync("/home");
        Assert.Equal(["two rooks after all"], Ana.Posts());
        Assert.Equal(
            ["A rook", "A picture without a description"],
            Shown.Select(picture => picture.GetAttribute("alt"))
        );
        using var database = new DatabaseProbe(World.Folder);
        Assert.Equal(2, database.Number("SELECT count(*) FROM media"));
    }

    [Fact]
    public async Task Feeds_previews_and_ones_own_copy_have_them_too()
    {
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png(40, 30))],
            ("alt1", "A \"rook\" & more")
        );
        var path = Shown.Single().GetAttribute("src")!;
        var address = $"{Ana.Address.GetLeftPart(UriPartial.Authority)}{path}";
        await Ana.FollowAsync("article .when");
        string? Meta(string name) => Ana.Find($"meta[property='{name}']").GetAttribute("content");
        Assert.Equal(
            (address, "40", "A \"rook\" & more", "A \"rook\" & more"),
            (Meta("og:image"), Meta("og:image:width"), Meta("og:image:alt"), Meta("og:description"))
        );

        foreach (var kind in (string[])["rss", "atom"])
        {
            var feed = XDocument.Parse(
                await World.Server.Http.GetStringAsync($"/@ana.{kind}", Stop)
            );
            var texts = feed.Descendants().Where(one => !one.HasElements).Select(one => one.Value);
            Assert.Contains("A \"rook\" & more", texts);
            Assert.Contains(
                texts,
                text =>
                    text.EndsWith(
                        $"<img src=\"{address}\" width=\"40\" height=\"30\" alt=\"A &quot;rook&quot; &amp; more\"></p>",
                        StringComparison.Ordinal
                    )
            );
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/settings/export/posts.jsonl");
        using var answer = await Ana.RawAsync(request);
        var line = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal(address, line.GetProperty("media")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task Those_with_pictures_have_a_tab_of_their_own_that_pages_without_gaps()
    {
        const string Next = ".pager a[rel=next]";
        var posted = new List<string>();
        for (var i = 0; i < 23; i++)
        {
            await Ana.SendFilesAsync(
                "form#write",
                i % 12 == 11 ? [] : [("file1", SamplePictures.Png())],
                ("text", $"rook {i}")
            );
            posted.Add($"rook {i}");
        }

        posted.RemoveAll(text => text is "rook 11");
        var shown = new List<string>();
        await Ana.OpenAsync("/@ana/media");
        while (true)
        {
            Assert.Equal("Media", Ana.Find(".tabs [aria-current]").TextContent);
            shown.AddRange(Ana.Posts());
            if (Ana.Page.QuerySelector(Next) is null)
            {
                break;
            }

            await Ana.FollowAsync(Next);
        }

        Assert.Equal(Enumerable.Reverse(posted), shown);
        await Ana.OpenAsync("/@ana/media");
        await Ana.FollowAsync("article .delete");
        await Ana.SendAsync("form[action$='/delete']");
        await Ana.OpenAsync("/@ana/media");
        Assert.Equal(posted[^2], Ana.Posts()[0]);
    }

    [Fact]
    public async Task One_that_is_smaller_than_the_column_stands_as_large_as_it_is()
    {
        await Ana.SendFilesAsync("form#write", [("file1", SamplePictures.Png(512, 512))]);
        Assert.NotNull(Ana.Page.QuerySelector("article .media.small"));
        await Ana.SendFilesAsync("form#write", [("file1", SamplePictures.Png(513, 20))]);
        Assert.Single(Ana.Page.QuerySelectorAll("article .media.small"));
    }

    [Fact]
    public async Task A_form_that_is_not_ours_leaves_no_file()
    {
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("form_token", "another")
        );
        Assert.Equal(HttpStatusCode.Forbidden, Ana.Status);
        using var database = new DatabaseProbe(World.Folder);
        Assert.Equal(0, database.Number("SELECT count(*) FROM media"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(World.Folder, "incoming")));
    }
}
