using System.Net;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>A session that ends while somebody writes, in a browser without JavaScript.</summary>
public sealed class EndedSessionTests : IAsyncLifetime
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
    public async Task What_was_written_is_carried_through_the_log_in_and_posted()
    {
        await _ana.PostAsync("a question");
        await _ana.FollowAsync("article .when");
        await EndAsync();
        const string Written = "an answer\nof \"two\" <lines>";
        await _ana.SendAsync(
            "form#reply",
            ("text", Written),
            ("spoiler_text", "Beware"),
            ("visibility", "unlisted")
        );
        Assert.Equal(HttpStatusCode.Unauthorized, _ana.Status);
        Assert.Contains(
            "what you wrote",
            _ana.Find(".notice").TextContent,
            StringComparison.Ordinal
        );
        await _ana.SendAsync("main form", ("username", "ana"), ("password", "not the password"));
        Assert.Equal(HttpStatusCode.Unauthorized, _ana.Status);
        await _ana.SendAsync(
            "main form",
            ("username", "ana"),
            ("password", ClassicClient.Password)
        );
        Assert.Equal(
            Written,
            _ana.Find("form.compose textarea").TextContent.ReplaceLineEndings("\n")
        );
        await _ana.SendAsync("form.compose");
        Assert.Matches("^/@ana/[0-9]+$", _ana.Place);
        Assert.Equal(["a question", "an answerof \"two\" <lines>"], _ana.Posts());
        Assert.Equal("Unlisted", _ana.Find("[data-list] .badge").TextContent);
        Assert.Contains(
            "Beware",
            _ana.Find("article summary").TextContent,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_wrote_nothing_is_led_to_the_log_in_and_back()
    {
        await EndAsync();
        await _ana.SendAsync("form#write");
        Assert.Equal("/login?return=%2Fhome", _ana.Place);
    }

    private async Task EndAsync()
    {
        var token = _ana.Cookies["rookery"]!.Value;
        (
            await new Caller(_world.Server.Http, token).SendAsync(
                HttpMethod.Post,
                "/api/v1/logout",
                new { },
                Stop
            )
        ).Require(200);
    }
}
