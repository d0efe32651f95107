using System.Net;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>A session that ends while somebody writes, in a browser without JavaScript.</summary>
public sealed class EndedSessionTests : OneMember
{
    [Fact]
    public async Task What_was_written_is_carried_through_the_log_in_and_posted()
    {
        await Ana.PostAsync("a question");
        await Ana.FollowAsync("article .when");
        await EndAsync();
        const string Written = "an answer\nof \"two\" <lines>";
        await Ana.SendAsync(
            "form#reply",
            ("text", Written),
            ("spoiler_text", "Beware"),
            ("visibility", "unlisted")
        );
        Assert.Equal(HttpStatusCode.Unauthorized, Ana.Status);
        Assert.Contains(
            "what you wrote",
            Ana.Find(".notice").TextContent,
            StringComparison.Ordinal
        );
        await Ana.SendAsync("main form", ("username", "ana"), ("password", "not the password"));
        Assert.Equal(HttpStatusCode.Unauthorized, Ana.Status);
        await Ana.SendAsync("main form", ("username", "ana"), ("password", ClassicClient.Password));
        Assert.Equal(
            Written,
            Ana.Find("form.compose textarea").TextContent.ReplaceLineEndings("\n")
        );
        await Ana.SendAsync("form.compose");
        Assert.Matches("^/@ana/[0-9]+$", Ana.Place);
        Assert.Equal(["a question", "an answerof \"two\" <lines>"], Ana.Posts());
        Assert.Equal("Unlisted", Ana.Find("[data-list] .badge").TextContent);
        Assert.Contains(
            "Beware",
            Ana.Find("article summary").TextContent,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_wrote_nothing_is_led_to_the_log_in_and_back()
    {
        await EndAsync();
        await Ana.SendAsync("form#write");
        Assert.Equal("/login?return=%2Fhome", Ana.Place);
    }

    private async Task EndAsync()
    {
        var token = Ana.Cookies["rookery"]!.Value;
        (
            await new Caller(World.Server.Http, token).SendAsync(
                HttpMethod.Post,
                "/api/v1/logout",
                new { },
                Stop
            )
        ).Require(200);
    }
}
