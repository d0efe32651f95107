using System.Net;
using System.Text.Json;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What a member's posts have where the member chooses nothing else.</summary>
public sealed class PostingDefaultsTests : IAsyncLifetime
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
    public async Task What_is_set_is_chosen_in_the_box_and_answers_are_for_those_who_see_the_post()
    {
        Assert.Equal("public", Chosen());
        Assert.False(_ana.Find("#sensitive").HasAttribute("checked"));
        await _ana.OpenAsync("/settings");
        await _ana.SendAsync(
            "form[action$=posting]",
            ("visibility", "followers"),
            ("sensitive", "true")
        );
        Assert.Equal("/settings?done=posting", _ana.Place);
        Assert.NotNull(_ana.Page.QuerySelector("main .notice"));
        Assert.Equal("followers", Chosen());
        Assert.True(_ana.Find("#posting-sensitive").HasAttribute("checked"));

        await _ana.OpenAsync("/home");
        Assert.Equal("followers", Chosen());
        Assert.True(_ana.Find("#sensitive").HasAttribute("checked"));
        await _ana.SendFilesAsync(
            "form#write",
            [("file1", SamplePictures.Png())],
            ("text", "for friends")
        );
        Assert.NotNull(_ana.Page.QuerySelector("article .warned img"));
        Assert.Equal("Followers only", _ana.Find("article .badge").TextContent);
        await _ana.FollowAsync("article .when");
        Assert.Equal("", Chosen());

        using var bob = await new Browser(_ana.Address, Stop).SignUpAsync("bob");
        Assert.Equal("public", bob.Find("#visibility option[selected]").GetAttribute("value"));

        await _ana.OpenAsync("/settings");
        await _ana.SendAsync("form[action$=posting]", ("visibility", "direct"));
        Assert.Equal(HttpStatusCode.BadRequest, _ana.Status);
    }

    [Fact]
    public async Task Programs_are_told_of_them_and_change_them_too()
    {
        var (http, token) = (_world.Server.Http, _ana.Cookies["rookery"]!.Value);
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
        await _ana.OpenAsync("/home");
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
        await _ana.OpenAsync("/settings");
        Assert.Equal("ana", _ana.Find("#profile-name").GetAttribute("value"));
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
        _ana.Find("select[name=visibility] option[selected]").GetAttribute("value");
}
