using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>Posts are kept as HTML for the next reader. Whatever a reader could see of them changes, the next page shows.</summary>
public sealed class KeptCardTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_kept_post_is_shown_to_each_reader_as_it_stands_now()
    {
        await using var world = await World.EmptyAsync(Stop);
        using var ana = new Browser(world.Server.Http.BaseAddress!, Stop);
        using var bob = new Browser(ana.Address, Stop);
        using var stranger = new Browser(ana.Address, Stop);
        await ana.SignUpAsync("ana");
        await bob.SignUpAsync("bob");
        await ana.PostAsync("hello");
        await LookAsync();
        Assert.NotNull(ana.Page.QuerySelector("article .delete"));
        Assert.Null(bob.Page.QuerySelector("article .delete"));
        Assert.NotNull(bob.Page.QuerySelector("article button.like[aria-pressed=false]"));
        Assert.Null(stranger.Page.QuerySelector("article button"));

        await bob.PressAsync("article .like");
        await world.SettleAsync(Stop);
        await LookAsync();
        Assert.Equal("Like1", ana.Find("article button.like[aria-pressed=false]").TextContent);
        Assert.Equal("Like1", bob.Find("article button.like[aria-pressed=true]").TextContent);
        Assert.Equal("Likes1", stranger.Find("article .act:last-child").TextContent);

        await ana.OpenAsync("/settings");
        await ana.SendAsync("form[action$=profile]", ("name", "Ana of the Marsh"));
        await LookAsync();
        Assert.All(
            (Browser[])[ana, bob, stranger],
            one => Assert.Equal("Ana of the Marsh", one.Find("article .name").TextContent)
        );

        async Task LookAsync()
        {
            // Twice: what the first look keeps, the second finds.
            for (var i = 0; i < 2; i++)
            {
                await ana.OpenAsync("/public");
                await bob.OpenAsync("/public");
                await stranger.OpenAsync("/public");
            }
        }
    }
}
