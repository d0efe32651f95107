using System.Net;
using System.Text.Json;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What a member's posts have where the member chooses nothing else.</summary>
public sealed class PostingDefaultsTests : OneMember
{
    [Fact]
    public async Task What_is_set_is_chosen_in_the_box_and_answers_are_for_those_who_see_the_post()
    {
        Assert.Equal("public", Chosen());
        Assert.False(Ana.Find("#sensitive").HasAttribute("checked"));
        await Ana.OpenAsync("/settings");
        await Ana.SendAsync(
            "form[action$=posting]",
            ("visibility", "followers"),
            ("sensitive", "true")
        );
        Assert.Equal("/settings?done=posting", Ana.Place);
        Assert.NotNull(Ana.Page.QuerySelector("main .notice"));
        Assert.Equal("followers", Chosen());
        Assert.True(Ana.Find("#posting-sensitive").HasAttribute("checked"));

        await Ana.OpenAsync("/home");
        Assert.Equal("followers", Chosen());
        Assert.True(Ana.Find("#sensitive").HasAttribute("checked"));
        await Ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "for friends")
        );
        Assert.NotNull(Ana.Page.QuerySelector("article .warned img"));
        Assert.Equal("Followers only", Ana.Find("article .badge").TextContent);
        await Ana.FollowAsync("article .when");
        Assert.Equal("", Chosen());

        using var bob = await new Browser(Ana.Address, Stop).SignUpAsync("bob");
        Assert.Equal("public", bob.Find("#visibility option[selected]").GetAttribute("value"));

        await Ana.OpenAsync("/settings");
        await Ana.SendAsync("form[action$=posting]", ("visibility", "direct"));
        Assert.Equal(HttpStatusCode.BadRequest, Ana.Status);
    }

    [Fact]
    public async Task Programs_are_told_of_them_and_change_them_too()
    {
        var (http, token) = (World.Server.Http, Ana.Cookies["rookery"]!.Value);
        using var changed = await MediaClient.ChangeProfileAsync(
            http,
            token,
            [],
            Stop,
            ("source[privacy]", "unlisted"),
            ("source[sensitive]", "1")
        );
        var account = JsonDocument.Parse(await changed.Content.ReadAsStringAsync(Stop));
        Assert.Empty(MastodonShape.WrongWith(account.RootElement, "Account"));
        var source = account.RootElement.GetProperty("source");
        Assert.Equal("unlisted", source.GetProperty("privacy").GetString());
        var caller = new Caller(http, token);
        var told = (
            await caller.SendAsync(HttpMethod.Get, "/api/v1/preferences", null, Stop)
        ).Require(200);
        Assert.Equal("unlisted", told.Json.GetProperty("posting:default:visibility").GetString());
        Assert.True(told.Json.GetProperty("posting:default:sensitive").GetBoolean());
        await Ana.OpenAsync("/home");
        Assert.Equal("unlisted", Chosen());

        // What is refused changes nothing of the rest.
        using var refused = await MediaClient.ChangeProfileAsync(
            http,
            token,
            [],
            Stop,
            ("display_name", "Anna"),
            ("source[privacy]", "everybody")
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        await Ana.OpenAsync("/settings");
        Assert.Equal("ana", Ana.Find("#profile-name").GetAttribute("value"));
        Assert.Equal("unlisted", Chosen());
        var nested = await caller.SendAsync(
            HttpMethod.Patch,
            "/api/v1/accounts/update_credentials",
            new { source = new { privacy = "private" } },
            Stop
        );
        nested.Require(422);
    }

    private string? Chosen() =>
        Ana.Find("select[name=visibility] option[selected]").GetAttribute("value");
}
