using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rookery.TestKit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

public sealed partial class WithoutScriptTests(Site site)
{
    [Fact]
    public async Task The_site_does_everything_without_a_script()
    {
        var bob = await site.SignUpAsync("bob", TestContext.Current.CancellationToken);
        await using var ana = await site.OpenAsync(
            new BrowserNewContextOptions { JavaScriptEnabled = false }
        );
        await ana.GoAsync("/signup");
        await ana.Find("#username").FillAsync("ana_plain");
        await ana.Find("#email").FillAsync("ana_plain@example.org");
        await ana.Find("#password").FillAsync(ClassicClient.Password);
        await ana.Find("main button").ClickAsync();
        await ana.WriteAsync("in plain sight");
        await Expect(ana.Posts).ToHaveCountAsync(1);
        await ana.Find(".like").ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(AtPost());
        await Expect(ana.Find(".like[aria-pressed=true]")).ToHaveCountAsync(1);
        await ana.GoAsync($"/@{bob.Username}");
        await ana.Find(".tools [formaction$='follow']").ClickAsync();
        await Expect(ana.Find(".tools [formaction$='follow']")).ToHaveTextAsync("Unfollow");
        await ana.GoAsync("/home");
        await ana.Find(".act[href$='#reply']").ClickAsync();
        await ana.WriteAsync("and an answer");
        await Expect(ana.Posts).ToHaveCountAsync(2);
        await ana.Find("[data-list] .delete").ClickAsync();
        await ana.Find("main form.buttons button").ClickAsync();
        await ana.GoAsync("/home");
        await Expect(ana.Posts).ToHaveCountAsync(1);
        await Expect(ana.Find(".by-script")).ToBeHiddenAsync();
        // A picture with a warning, which opens without a script.
        await ana.Find(".warns summary").ClickAsync();
        await ana.Find("#spoiler_text").FillAsync("Beware of the bird");
        await ana.Find(".pictures summary").ClickAsync();
        await ana.Find("#file1")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "rook.png",
                    MimeType = "image/png",
                    Buffer = SamplePictures.Png(40, 30),
                }
            );
        await ana.Find("#alt1").FillAsync("a rook");
        await ana.WriteAsync("it bites");
        await Expect(ana.Post("it bites").Locator(".text")).ToBeHiddenAsync();
        await ana.Post("it bites").Locator("summary").ClickAsync();
        await Expect(ana.Post("it bites").Locator(".text")).ToBeVisibleAsync();
        await Expect(ana.Post("it bites").GetByAltText("a rook")).ToBeVisibleAsync();
        await ana.Find("header form button.link").ClickAsync();
        await Expect(ana.Find(".welcome")).ToBeVisibleAsync();
    }

    [GeneratedRegex("/home#post-[0-9]+$")]
    private static partial Regex AtPost();
}
