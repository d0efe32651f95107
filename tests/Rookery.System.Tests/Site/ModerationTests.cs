using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>Reporting, and what moderators make of it, by forms.</summary>
public sealed class ModerationTests : IAsyncLifetime
{
    private World _world = null!;
    private Browser _ana = null!;
    private Browser _bob = null!;
    private Browser _mod = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Moderation:ReportsPerDay"] = "3" }
        );
        var address = _world.Server.Http.BaseAddress!;
        _ana = await new Browser(address, Stop).SignUpAsync("ana");
        _bob = await new Browser(address, Stop).SignUpAsync("bob");
        _mod = await new Browser(address, Stop).SignUpAsync("mod");
        await _world.GiveRoleAsync("mod", "moderator", Stop);
        await _bob.PostAsync("buy my pears");
        await _bob.PostAsync("pears, pears");
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        _bob.Dispose();
        _mod.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_member_reports_a_post_and_a_moderator_suspends_its_author_and_lifts_that()
    {
        await _ana.OpenAsync("/public");
        await _ana.FollowAsync("article a.report");
        Assert.Equal("Report bob", _ana.Find("h1").TextContent);
        await _ana.SendAsync(
            "form.report",
            ("category", "spam"),
            ("comment", "Nothing but\npears.")
        );
        Assert.Equal("/@bob/report?done=yes", _ana.Place);
        Assert.Contains("have your report", _ana.Text, StringComparison.Ordinal);

        await _mod.OpenAsync("/settings");
        await _mod.FollowAsync("main [href='/moderation']");
        Assert.Contains("Nothing but pears.", _mod.Text, StringComparison.Ordinal);
        await _mod.FollowAsync(".reports a");
        Assert.Equal(["pears, pears"], _mod.Posts());
        Assert.Contains("@ana", _mod.Text, StringComparison.Ordinal);
        var report = _mod.Place;
        await _mod.FollowAsync("h1 a");
        await _mod.SendAsync("main form", ("reason", ""));
        Assert.Equal(HttpStatusCode.BadRequest, _mod.Status);
        Assert.NotNull(_mod.Page.QuerySelector("#reason-error"));
        await _mod.SendAsync("main form", ("reason", "Spam."));
        Assert.Equal("/moderation/accounts/bob", _mod.Place);
        Assert.Contains("Lift the suspension", _mod.Text, StringComparison.Ordinal);

        Assert.Empty((await _ana.OpenAsync("/public")).Posts());
        Assert.Equal(HttpStatusCode.NotFound, (await _ana.OpenAsync("/@bob")).Status);
        await _bob.OpenAsync("/settings");
        Assert.Equal("/login?return=%2Fsettings", _bob.Place);
        await _bob.SendAsync(
            "main form",
            ("username", "bob"),
            ("password", ClassicClient.Password)
        );
        Assert.Contains("This account is suspended", _bob.Text, StringComparison.Ordinal);

        await _mod.OpenAsync(report);
        Assert.Contains("cannot be shown", _mod.Text, StringComparison.Ordinal);
        await _mod.SendAsync("main form", ("note", "Suspended."));
        Assert.Equal(report, _mod.Place);
        Assert.Null(_mod.Page.QuerySelector("main form"));
        Assert.Contains("Suspended.", _mod.Text, StringComparison.Ordinal);
        await _mod.OpenAsync("/moderation");
        Assert.Empty(_mod.Page.QuerySelectorAll(".reports li"));
        Assert.Single(
            (await _mod.OpenAsync("/moderation?resolved=true")).Page.QuerySelectorAll(".reports li")
        );

        await _mod.OpenAsync("/moderation/accounts/bob");
        await _mod.SendAsync("main form", ("reason", "He is sorry."));
        Assert.Equal(["pears, pears", "buy my pears"], (await _ana.OpenAsync("/@bob")).Posts());
        await _mod.OpenAsync("/moderation/acts");
        Assert.Equal(
            ["He is sorry.", "Suspended.", "Spam.", "given on the command line"],
            _mod.Page.QuerySelectorAll(".reports li p").Select(reason => reason.TextContent)
        );
    }

    [Fact]
    public async Task A_report_says_what_is_wrong_with_it_and_a_day_takes_so_many()
    {
        await _ana.OpenAsync("/@bob/report");
        await _ana.SendAsync("form.report", ("comment", "Pears."));
        Assert.Equal(HttpStatusCode.BadRequest, _ana.Status);
        Assert.NotNull(_ana.Page.QuerySelector("#category-error"));
        Assert.Equal("Pears.", _ana.Find("textarea").TextContent);
        await _ana.SendAsync(
            "form.report",
            ("category", "legal"),
            ("comment", new string('x', 1001))
        );
        Assert.Equal(HttpStatusCode.BadRequest, _ana.Status);
        Assert.NotNull(_ana.Page.QuerySelector("#comment-error"));
        Assert.Equal("legal", _ana.Find("[name=category]:checked").GetAttribute("value"));
        for (var i = 0; i < 4; i++)
        {
            await _ana.OpenAsync("/@bob/report");
            await _ana.SendAsync("form.report", ("category", "legal"), ("comment", $"{i}"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, _ana.Status);
        Assert.Equal("3", _ana.Find("textarea").TextContent);
        Assert.Equal(HttpStatusCode.NotFound, (await _ana.OpenAsync("/@ana/report")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _ana.OpenAsync("/@nobody/report")).Status);
        // Who blocks reports all the same.
        await _ana.OpenAsync("/@bob");
        await _ana.PressAsync("[formaction$='/block']");
        Assert.NotNull(_ana.Page.QuerySelector("[href='/@bob/report']"));
    }

    [Fact]
    public async Task An_admin_sees_how_the_server_is_and_decides_on_dead_letters()
    {
        var outbox = _world.Server.Services.GetRequiredService<DeliveryLines>().All[0].Outbox;
        var row = (await outbox.ReadAsync(0, 1, Stop))[0];
        var at = DateTimeOffset.UnixEpoch;
        await outbox.BuryAsync(new DeadLetter("fan-out", row, 5, "Redis was away.", at), Stop);
        await outbox.BuryAsync(
            new DeadLetter(
                "relay",
                row with
                {
                    Name = "egg_laid",
                    Sequence = -7,
                },
                5,
                "Unknown <b>egg</b>.",
                at
            ),
            Stop
        );
        Assert.Equal(HttpStatusCode.NotFound, (await _mod.OpenAsync("/moderation/server")).Status);
        await _world.GiveRoleAsync("mod", "admin", Stop);

        await _mod.OpenAsync("/settings");
        await _mod.FollowAsync("main [href='/moderation/server']");
        Assert.Contains("All is well", _mod.Text, StringComparison.Ordinal);
        Assert.Contains("fan-out up to date", _mod.Text, StringComparison.Ordinal);
        Assert.Contains("Redis was away.", _mod.Text, StringComparison.Ordinal);
        Assert.Contains("Unknown <b>egg</b>.", _mod.Text, StringComparison.Ordinal);

        await _mod.SendAsync("form[action$='/replay']:has([value=relay])");
        Assert.Equal(HttpStatusCode.Conflict, _mod.Status);
        Assert.Contains("no event is called egg_laid", _mod.Text, StringComparison.Ordinal);
        await _mod.SendAsync("form[action$='/replay']:has([value=fan-out])");
        Assert.DoesNotContain("Redis was away.", _mod.Text, StringComparison.Ordinal);
        await _mod.SendAsync("form[action$='/discard']", ("reason", " "));
        Assert.Equal(HttpStatusCode.BadRequest, _mod.Status);
        Assert.NotNull(_mod.Page.QuerySelector("details[open] [id$='-reason-error']"));
        await _mod.SendAsync("form[action$='/discard']", ("reason", "There are no eggs here."));
        Assert.Equal("/moderation/server", _mod.Place);
        Assert.Contains("There are none.", _mod.Text, StringComparison.Ordinal);
        Assert.Empty(await outbox.DeadLettersAsync(Stop));

        await _mod.OpenAsync("/moderation/acts");
        Assert.Contains("There are no eggs here.", _mod.Text, StringComparison.Ordinal);
        Assert.Contains("discarded a dead letter: relay", _mod.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_members_there_is_no_page_of_moderators_and_a_role_that_is_taken_away_counts_at_once()
    {
        string[] pages =
        [
            "/moderation",
            "/moderation/acts",
            "/moderation/server",
            "/moderation/accounts/bob",
            "/moderation/reports/7",
        ];
        foreach (var page in pages)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _ana.OpenAsync(page)).Status);
        }

        Assert.Null(
            (await _ana.OpenAsync("/settings")).Page.QuerySelector("main [href='/moderation']")
        );
        await _mod.OpenAsync("/moderation/accounts/bob");
        await _world.GiveRoleAsync("mod", "member", Stop);
        await _mod.SendAsync("main form", ("reason", "Late."));
        Assert.Equal(HttpStatusCode.NotFound, _mod.Status);
        Assert.Equal(HttpStatusCode.OK, (await _ana.OpenAsync("/@bob")).Status);

        await _world.GiveRoleAsync("mod", "moderator", Stop);
        await _world.GiveRoleAsync("ana", "admin", Stop);
        await _mod.OpenAsync("/moderation/accounts/ana");
        Assert.Null(_mod.Page.QuerySelector("main form"));
        Assert.NotNull(
            (await _ana.OpenAsync("/moderation/accounts/mod")).Page.QuerySelector("main form")
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _mod.OpenAsync("/moderation/reports/7")).Status
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _mod.OpenAsync("/moderation/accounts/nobody")).Status
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await _mod.OpenAsync("/moderation?max_id=x")).Status
        );
    }
}
