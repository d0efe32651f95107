using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Rookery.TestKit;
using Rookery.Web.Languages;
using Rookery.Web.Layout;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What the site answers its own script, and that the script is small.</summary>
public sealed class ScriptTests : OneMember
{
    [Fact]
    public async Task What_runs_without_a_page_and_on_one_page_alone_is_small_too()
    {
        foreach (var path in (string[])["/sw.js", SiteFiles.All.PushScript])
        {
            using var answer = await World.Server.Http.GetAsync(path, Stop);
            Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
            Assert.InRange((await answer.Content.ReadAsByteArrayAsync(Stop)).Length, 500, 4_000);
            // A worker that is kept would show pushes of a later version.
            Assert.Equal(path == "/sw.js", answer.Headers.CacheControl!.NoCache);
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public async Task The_script_is_one_small_file_that_a_browser_keeps(string language)
    {
        using var answer = await World.Server.Http.GetAsync(
            SiteFiles.All.ScriptIn(Words.Find(language)!),
            Stop
        );
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(
            "immutable",
            answer.Headers.CacheControl!.ToString(),
            StringComparison.Ordinal
        );
        using var packed = new MemoryStream();
        await using (
            var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)
        )
        {
            await answer.Content.CopyToAsync(gzip, Stop);
        }

        Assert.InRange(packed.Length, 1_000, 15_000);
    }

    [Fact]
    public async Task A_form_that_the_script_sends_is_answered_with_where_to_go_or_with_what_is_wrong()
    {
        using var posted = await SendAsync("/posts", "text=hello&return=/home");
        Assert.Equal(HttpStatusCode.NoContent, posted.StatusCode);
        Assert.Equal("/home", posted.Headers.Location!.OriginalString);

        using var empty = await SendAsync("/posts", "text=%20&return=/home");
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        Assert.Equal("text", (await JsonAsync(empty)).GetProperty("field").GetString());

        using var forged = await SendAsync("/posts", "text=x", token: "x");
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.Contains(
            "form",
            (await JsonAsync(forged)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );

        await Ana.OpenAsync("/home");
        await Ana.PressAsync("header button.link");
        using var gone = await SendAsync("/posts", "text=x&return=/home", token: "x");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal("/login?return=%2Fhome", gone.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task How_much_is_new_is_counted_up_to_a_page_and_said_once()
    {
        var bob = await World.SignUpAsync("bob", Stop);
        await Ana.OpenAsync("/@bob");
        await Ana.PressAsync(".tools button");
        var first = (await bob.PostAsync("one", Stop)).Require(201).Id("tweet_id");
        using var none = await GetAsync($"/home/new?since_id={first}");
        Assert.Equal((0, false), await CountAsync(none));

        for (var i = 0; i < 20; i++)
        {
            (await bob.PostAsync($"number {i}", Stop)).Require(201);
        }

        using var page = await GetAsync($"/home/new?since_id={first}");
        Assert.Equal((20, false), await CountAsync(page));
        using var all = await GetAsync("/home/new");
        Assert.Equal((20, true), await CountAsync(all));
        var tag = page.Headers.ETag!.ToString();
        using var same = await GetAsync($"/home/new?since_id={first}", tag);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        (await bob.PostAsync("one more", Stop)).Require(201);
        using var more = await GetAsync($"/home/new?since_id={first}", tag);
        Assert.Equal((20, true), await CountAsync(more));
        using var wrong = await GetAsync("/home/new?since_id=x");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Names_are_proposed_to_members_by_how_they_begin()
    {
        await World.SignUpAsync("bobolink", Stop);
        await World.SignUpAsync("bobcat", Stop);
        await World.SettleAsync(Stop);
        using var found = await GetAsync("/names?q=bob");
        Assert.Equal(
            ["bobolink", "bobcat"],
            (await JsonAsync(found))
                .EnumerateArray()
                .Select(one => one.GetProperty("username").GetString()!)
        );
        using var none = await GetAsync("/names?q=");
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.Equal("q", (await JsonAsync(none)).GetProperty("field").GetString());
        using var long51 = await GetAsync($"/names?q={new string('x', 51)}");
        Assert.Equal(HttpStatusCode.BadRequest, long51.StatusCode);
        using var odd = await GetAsync("/names?q=%EF%BF%BE");
        Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
    }

    /// <summary>The cookie alone comes with whatever another site makes a browser send; no other site has the form's token.</summary>
    [Fact]
    public async Task The_client_API_takes_a_pages_call_for_its_members_by_cookie_and_form_token_together_and_by_neither_alone()
    {
        const string Path = "/api/v1/media/1";
        var token = (await Ana.OpenAsync("/home")).Find("[name=form_token]").GetAttribute("value");
        using var bob = await new Browser(World.Server.Http.BaseAddress!, Stop).SignUpAsync("bob");
        var bobs = bob.Find("[name=form_token]").GetAttribute("value");

        // It is asked as ana, who has no such upload.
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(Ana, Path, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Ana, Path, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Ana, Path, "x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Ana, Path, bobs));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await CallAsync(Ana, Path, token, site: "same-site")
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await CallAsync(Ana, Path, token, site: "cross-site")
        );
        using var stranger = new Browser(World.Server.Http.BaseAddress!, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(stranger, Path, token));
        // What a program says goes before what a browser adds.
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await CallAsync(Ana, Path, token, bearer: "unknown")
        );
        // Backends have a key of their own.
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Ana, "/feed/1", token));

        static async Task<HttpStatusCode> CallAsync(
            Browser browser,
            string path,
            string? token,
            string? site = null,
            string? bearer = null
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (token is not null)
            {
                request.Headers.Add("Rookery-Form-Token", token);
            }

            if (site is not null)
            {
                request.Headers.Add("Sec-Fetch-Site", site);
            }

            if (bearer is not null)
            {
                request.Headers.Add("Authorization", $"Bearer {bearer}");
            }

            using var answer = await browser.RawAsync(request);
            return answer.StatusCode;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        string path,
        string body,
        string? token = null
    )
    {
        token ??= (await Ana.OpenAsync("/home")).Find("[name=form_token]").GetAttribute("value");
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(
                $"{body}&form_token={token}",
                null,
                "application/x-www-form-urlencoded"
            ),
        };
        request.Headers.Add("Accept", "application/json");
        return await Ana.RawAsync(request);
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? tag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "application/json");
        if (tag is not null)
        {
            request.Headers.Add("If-None-Match", tag);
        }

        return Ana.RawAsync(request);
    }

    private static async Task<(int Count, bool More)> CountAsync(HttpResponseMessage answer)
    {
        var json = await JsonAsync(answer);
        return (json.GetProperty("count").GetInt32(), json.GetProperty("more").GetBoolean());
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
}
