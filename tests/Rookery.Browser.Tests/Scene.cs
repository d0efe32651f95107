using Rookery.TestKit;

namespace Rookery.BrowserTests;

/// <summary>A few people and what they wrote, in several scripts, with every kind of page to look at.</summary>
internal sealed record Scene(ClassicClient Ana, ClassicClient Bob, PostId Asked, long Report)
{
    /// <summary>What strangers see.</summary>
    public static IReadOnlyList<string> ForAll =>
        ["/", "/public", "/login", "/signup", "/search?q=", "/about", "/terms", "/no/such/page"];

    /// <summary>What ana sees.</summary>
    public IReadOnlyList<string> ForAna =>
        [
            "/home",
            $"/home?max_id={Asked}",
            $"/@{Ana.Username}",
            $"/@{Bob.Username}",
            $"/@{Bob.Username}/replies",
            $"/@{Bob.Username}/media",
            $"/@{Ana.Username}/followers",
            $"/@{Ana.Username}/following",
            $"/@{Bob.Username}/{Asked}",
            "/tags/herons",
            "/search?q=heron",
            "/notifications",
            "/follow_requests",
            "/settings",
            "/settings/blocked",
            "/settings/muted",
            $"/@{Bob.Username}/report?post={Asked}",
            $"/@{Bob.Username}/report?done=yes",
            "/moderation",
            "/moderation?resolved=true",
            $"/moderation/reports/{Report}",
            $"/moderation/accounts/{Bob.Username}",
            "/moderation/acts",
            "/moderation/server",
        ];

    public static async Task<Scene> MakeAsync(Site site, CancellationToken stop)
    {
        var ana = await site.SignUpAsync("ana", stop);
        var bob = await site.SignUpAsync("bob", stop);
        (await ana.EditProfileAsync(new { name = "Ana Ålund" }, stop)).Require(200);
        (
            await bob.EditProfileAsync(
                new { name = "בוב", bio = "Birds, mostly. Trains on Sundays." },
                stop
            )
        ).Require(200);
        using var pictured = await MediaClient.ChangeProfileAsync(
            site.Http,
            bob.Token,
            [
                ("avatar", SamplePictures.Evening(90, 120)),
                ("header", SamplePictures.Evening(960, 320)),
            ],
            stop
        );
        pictured.EnsureSuccessStatusCode();
        (await ana.RelateAsync("follow", bob.Id, stop)).Require(200);
        (await bob.RelateAsync("follow", ana.Id, stop)).Require(200);
        // For /public alone.
        var carol = await site.SignUpAsync("carol", stop);
        (
            await carol.PostAsync("averylongwordwithoutanyplacetobreakit".PadRight(160, 'x'), stop)
        ).Require(201);
        (
            await ana.PostAsync(
                "Long walk along the estuary. The #herons were back, all seven of them, and nobody else was about.",
                stop
            )
        ).Require(201);
        var asked = (
            await bob.PostAsync(
                $"Does anybody know where a heron sleeps? @{ana.Username} https://example.org/birds/of/the/estuary",
                stop
            )
        ).Require(201);
        var id = new PostId(asked.Id("tweet_id"));
        (
            await ana.PostAsync(
                $"@{bob.Username} In trees, oddly enough. High up, in company.",
                stop,
                inReplyTo: id
            )
        ).Require(201);
        (
            await bob.PostAsync(
                "It was the cormorant.",
                stop,
                warning: "How the story of the empty nest ends, with averylongwordwithoutanyplacetobreakit"
            )
        ).Require(201);
        (await ana.MarkAsync("like", id, stop)).Require(200);
        (await ana.MarkAsync("repost", id, stop)).Require(200);
        (
            await bob.PostAsync(
                "شوهد مالك الحزين هذا الصباح على ضفة النهر، واقفاً بلا حراك كأنه ينتظر أحداً.",
                stop
            )
        ).Require(201);
        await site.GiveRoleAsync(ana, "admin", stop);
        var report = (await ana.ReportAsync(bob.Id, [id], "Herons do not sleep.", stop)).Require(
            200
        );
        (await carol.ReportAsync(bob.Id, [id], "They do, says a book.", stop)).Require(200);
        (await ana.EditProfileAsync(new { locked = true }, stop)).Require(200);
        (await carol.RelateAsync("follow", ana.Id, stop)).Require(200);
        (await ana.RelateAsync("follow", carol.Id, stop)).Require(200);
        await site.SettleAsync(stop);
        return new Scene(ana, bob, id, report.Id("id"));
    }
}
