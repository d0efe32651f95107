using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Graph;

public sealed class FollowLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_follows_more_than_the_limit_and_room_can_be_made()
    {
        await using var world = await World.EmptyAsync(
            Token,
            new Dictionary<string, string?> { ["Graph:MaxFollowees"] = "2" }
        );
        var ana = await world.SignUpAsync("ana", Token);
        var others = new List<ClassicClient>();
        foreach (var name in new[] { "bob", "carol", "dora" })
        {
            others.Add(await world.SignUpAsync(name, Token));
        }

        (await ana.RelateAsync("follow", others[0].Id, Token)).Require(200);
        (await ana.RelateAsync("follow", others[1].Id, Token)).Require(200);
        var refused = await ana.RelateAsync("follow", others[2].Id, Token);
        Assert.Contains(
            "follows 2 accounts",
            refused.Require(403).Json.GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
        (await ana.RelateAsync("follow", others[1].Id, Token)).Require(200);

        (await ana.RelateAsync("unfollow", others[0].Id, Token)).Require(200);
        (await ana.RelateAsync("follow", others[2].Id, Token)).Require(200);
    }
}
