using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>Pictures that accounts show of themselves: set, replaced and removed without JavaScript and by apps, and shown wherever the account is.</summary>
public sealed class ProfilePictureTests : OneMember
{
    private const string Avatar = "img.sign";

    private IEnumerable<string> Files =>
        Path.Combine(World.Folder, "media") is var folder && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            : [];

    private HttpClient Http => World.Server.Http;

    [Fact]
    public async Task A_picture_is_set_replaced_and_removed_in_the_settings_and_is_beside_every_post()
    {
        await Ana.PostAsync("first");
        Assert.NotNull(Ana.Page.QuerySelector("article span.sign"));
        var first = await SetAsync(
            ("avatar", SamplePictures.Jpeg()),
            ("header", SamplePictures.Png())
        );
        Assert.Equal(2, Files.Count());

        // The card of the post is kept from before: it must not be.
        await Ana.OpenAsync("/home");
        Assert.Equal(first, Ana.Find($"article {Avatar}").GetAttribute("src"));
        Assert.Equal("", Ana.Find(Avatar).GetAttribute("alt"));
        await Ana.OpenAsync("/@ana");
        Assert.Equal(first, Ana.Find($".profile {Avatar}").GetAttribute("src"));
        Assert.NotNull(Ana.Page.QuerySelector(".profile img.banner"));
        Assert.EndsWith(
            first,
            Ana.Find("meta[property='og:image']").GetAttribute("content"),
            StringComparison.Ordinal
        );
        foreach (var kind in (string[])["rss", "atom"])
        {
            var feed = XDocument.Parse(await Http.GetStringAsync($"/@ana.{kind}", Stop));
            Assert.Contains(
                feed.Descendants(),
                one =>
                    one.Name.LocalName is "icon" or "url"
                    && one.Value.EndsWith(first, StringComparison.Ordinal)
            );
        }

        var second = await SetAsync(("avatar", SamplePictures.Gif()));
        Assert.NotEqual(first, second);
        await Ana.OpenAsync("/home");
        Assert.Equal(second, Ana.Find($"article {Avatar}").GetAttribute("src"));
        await GoneAsync(first);

        await Ana.OpenAsync("/settings");
        await Ana.SendFilesAsync(
            "form[action='/settings/profile']",
            [],
            ("remove_avatar", "true"),
            ("remove_header", "true")
        );
        Assert.Equal("/settings?done=profile", Ana.Place);
        await Ana.OpenAsync("/home");
        Assert.Null(Ana.Page.QuerySelector(Avatar));
        await GoneAsync(second);
        Assert.Empty(Files);
    }

    [Fact]
    public async Task What_is_no_picture_changes_nothing_and_the_form_says_so()
    {
        await Ana.OpenAsync("/settings");
        await Ana.SendFilesAsync(
            "form[action='/settings/profile']",
            [("avatar", SamplePictures.Png()), ("header", "no picture"u8.ToArray())],
            ("name", "Ana A.")
        );
        Assert.Equal(HttpStatusCode.BadRequest, Ana.Status);
        Assert.StartsWith(
            "header must be a picture",
            Ana.Find("#header-error").TextContent,
            StringComparison.Ordinal
        );
        await Ana.SendFilesAsync(
            "form[action='/settings/profile']",
            [("avatar", SamplePictures.Png())],
            ("name", new string('x', 51))
        );
        Assert.Equal(HttpStatusCode.BadRequest, Ana.Status);
        await Ana.SendFilesAsync(
            "form[action='/settings/profile']",
            [("avatar", SamplePictures.Png())],
            ("form_token", "another")
        );
        Assert.Equal(HttpStatusCode.Forbidden, Ana.Status);
        await Ana.OpenAsync("/@ana");
        Assert.Equal("ana", Ana.Find("h1").TextContent);
        Assert.Null(Ana.Page.QuerySelector(Avatar));
        Assert.Empty(Files);
        using var database = new DatabaseProbe(World.Folder);
        Assert.Equal(0, database.Number("SELECT count(*) FROM media"));
    }

    [Fact]
    public async Task An_app_sets_and_removes_them_and_nothing_of_where_they_were_taken_is_stored()
    {
        var bob = await World.SignUpAsync("bob", Stop);
        var before = await JsonAsync(HttpMethod.Delete, "avatar", bob.Token);
        Assert.Empty(MastodonShape.WrongWith(before, "Account"));
        using var answer = await MediaClient.ChangeProfileAsync(
            Http,
            bob.Token,
            [("avatar", SamplePictures.Jpeg()), ("header", SamplePictures.Jpeg())],
            Stop,
            ("display_name", "Bob B."),
            ("note", "Birds"),
            ("indexable", "false")
        );
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, text);
        var account = JsonElement.Parse(text);
        Assert.Empty(MastodonShape.WrongWith(account, "Account"));
        Assert.Equal(
            ("Bob B.", "Birds", false),
            (
                account.GetProperty("display_name").GetString(),
                account.GetProperty("source").GetProperty("note").GetString(),
                account.GetProperty("indexable").GetBoolean()
            )
        );
        foreach (var picture in (string[])["avatar", "header"])
        {
            var url = account.GetProperty(picture).GetString()!;
            Assert.NotEqual(before.GetProperty(picture).GetString(), url);
            Assert.Equal(url, account.GetProperty($"{picture}_static").GetString());
            var stored = await Http.GetByteArrayAsync(url, Stop);
            Assert.Equal(
                -1,
                stored.AsSpan().IndexOf(Encoding.ASCII.GetBytes(SamplePictures.Secret))
            );
            Assert.True(stored.Length < SamplePictures.Jpeg().Length);
        }

        using var wrong = await MediaClient.ChangeProfileAsync(
            Http,
            bob.Token,
            [("avatar", SamplePictures.Png()[..40])],
            Stop,
            ("display_name", "Eve")
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var problem = JsonElement.Parse(await wrong.Content.ReadAsStringAsync(Stop));
        Assert.Equal("avatar", problem.GetProperty("field").GetString());
        Assert.StartsWith(
            "avatar ",
            problem.GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(2, Files.Count());

        var after = await JsonAsync(HttpMethod.Delete, "header", bob.Token);
        Assert.Equal("Bob B.", after.GetProperty("display_name").GetString());
        Assert.Equal(
            (account.GetProperty("avatar").GetString(), before.GetProperty("header").GetString()),
            (after.GetProperty("avatar").GetString(), after.GetProperty("header").GetString())
        );
        (await bob.DeleteAccountAsync(Stop)).Require(200);
        await GoneAsync(account.GetProperty("avatar").GetString()!);
        Assert.Empty(Files);
    }

    /// <summary>Sends the form, and answers where the avatar is that it shows then.</summary>
    private async Task<string> SetAsync(params (string Name, byte[] File)[] pictures)
    {
        await Ana.OpenAsync("/settings");
        await Ana.SendFilesAsync("form[action='/settings/profile']", pictures);
        Assert.Equal("/settings?done=profile", Ana.Place);
        await Ana.OpenAsync("/@ana");
        var address = Ana.Find($".profile {Avatar}").GetAttribute("src")!;
        using var file = await Http.GetAsync(address, Stop);
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        return address;
    }

    private async Task GoneAsync(string address)
    {
        await World.SettleAsync(Stop);
        using var file = await Http.GetAsync(address, Stop);
        Assert.Equal(HttpStatusCode.NotFound, file.StatusCode);
    }

    private async Task<JsonElement> JsonAsync(HttpMethod method, string picture, string token)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/profile/{picture}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await Http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }
}
