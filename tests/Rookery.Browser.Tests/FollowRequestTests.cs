using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>Asking a locked account, and its answer, with and without a script.</summary>
public sealed class FollowRequestTests(Site site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_button_says_what_became_of_it_and_the_answer_lets_in(bool hasScript)
    {
        var (ana, bob) = (await site.SignUpAsync("ana", Stop), await site.SignUpAsync("bob", Stop));
        (await ana.EditProfileAsync(new { locked = true }, Stop)).Require(200);
        var options = new BrowserNewContextOptions { JavaScriptEnabled = hasScript };
        await using var his = await site.OpenAsync(bob, options);
        await using var hers = await site.OpenAsync(ana, options);
        var button = his.Find(".tools [formaction$='follow']");

        await his.GoAsync($"/@{ana.Username}");
        await Expect(button).ToHaveTextAsync("Ask to follow");
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Take back request");
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Ask to follow");
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Take back request");

        await site.SettleAsync(Stop);
        await hers.GoAsync("/notifications");
        await hers.Find("[href='/follow_requests']").ClickAsync();
        await hers.Find($"[formaction='/@{bob.Username}/accept']").ClickAsync();
        await Expect(hers.Find(".accounts")).ToHaveCountAsync(0);
        await his.GoAsync($"/@{ana.Username}");
        await Expect(button).ToHaveTextAsync("Unfollow");
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Ask to follow");
    }
}
