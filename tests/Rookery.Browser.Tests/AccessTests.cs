using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Rookery.TestKit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>All pages, as those meet them who see little, or a small window, and whether anything moves while they load.</summary>
public sealed class AccessTests(Site site)
{
    /// <summary>Everything of WCAG 2.2 up to AA that a program can see.</summary>
    private const string Rules = """
        async (rules) => (await axe.run(document, {
          runOnly: rules,
          resultTypes: ["violations"],
          rules: { "target-size": { enabled: true } },
        })).violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html} (${node.failureSummary})`))
        """;

    private static readonly string[] All =
    [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22a",
        "wcag22aa",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_page_breaks_a_rule_for_access_in_light_or_dark_or_moves_while_it_loads()
    {
        var scene = await Scene.MakeAsync(site, Stop);
        await using var stranger = await OpenAsync(null);
        await using var ana = await OpenAsync(scene);
        var found = new List<string>();
        foreach (var path in Scene.ForAll)
        {
            await LookAsync(stranger, path, found);
        }

        foreach (var path in scene.ForAna)
        {
            await LookAsync(ana, path, found);
        }

        await ana.GoAsync("/home");
        await ana.Find("article .warned summary").ClickAsync();
        await ana.Find(".warns summary").ClickAsync();
        await ana.Find(".pictures summary").ClickAsync();
        await ana.Find("#write-add")
            .SetInputFilesAsync(
                new[] { SamplePictures.Png(), "no picture"u8.ToArray() }.Select(
                    (file, i) =>
                        new FilePayload
                        {
                            Name = $"{i}.png",
                            MimeType = "image/png",
                            Buffer = file,
                        }
                )
            );
        await Expect(ana.Find(".chosen .error:not(:empty)")).ToHaveCountAsync(1);
        await Expect(ana.Find(".chosen [name=media_ids]:not([disabled])")).ToHaveCountAsync(1);
        await LookAtAsync(ana, "/home with a warning and pictures", found);
        await ana.GoAsync("/home");
        await ana.Find("#write textarea").FillAsync(new string('x', 501));
        await ana.Find("#write button[type=submit]").ClickAsync();
        await Expect(ana.Find("[role=alert]:not(:empty)")).ToBeVisibleAsync();
        await ana.Find("#write textarea").FillAsync("");
        await ana.Find("#write textarea").PressSequentiallyAsync("@ana");
        await Expect(ana.Find("[role=option]").First).ToBeVisibleAsync();
        await LookAtAsync(ana, "/home with names", found);
        await ana.Find("article .delete").First.ClickAsync();
        await ana.Find("[data-keys]").ClickAsync();
        await LookAtAsync(ana, "/home with a dialog", found);
        Assert.True(found.Count == 0, string.Join("\n\n", found));

        await ana.GoAsync("/home");
        await ana.Page.EvaluateAsync("document.querySelector('label[for=visibility]').remove()");
        await LookAtAsync(ana, "/home without a label", found);
        Assert.NotEmpty(found);
    }

    [Theory]
    [InlineData("en-GB")]
    [InlineData("de-DE")]
    public async Task No_page_scrolls_sideways_at_320_pixels(string locale)
    {
        var scene = await Scene.MakeAsync(site, Stop);
        var narrow = new ViewportSize { Width = 320, Height = 640 };
        await using var stranger = await site.OpenAsync(Look());
        await using var ana = await site.OpenAsync(scene.Ana, Look());
        foreach (
            var (tab, path) in Scene
                .ForAll.Select(path => (stranger, path))
                .Concat(scene.ForAna.Select(path => (ana, path)))
        )
        {
            await tab.GoAsync(path);
            var width = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(width <= 320, $"{path} is {width} wide");
            await tab.Page.EvaluateAsync("document.documentElement.dir = 'rtl'");
            width = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(width <= 320, $"{path} is {width} wide from the right");
        }

        BrowserNewContextOptions Look() => new() { ViewportSize = narrow, Locale = locale };
    }

    private async Task<Tab> OpenAsync(Scene? scene)
    {
        var options = new BrowserNewContextOptions();
        var tab = scene is null
            ? await site.OpenAsync(options)
            : await site.OpenAsync(scene.Ana, options);
        await tab.Page.AddInitScriptAsync(
            """
            window.moved = [];
            new PerformanceObserver((list) => {
              for (const one of list.getEntries())
                // Less is what a page that was painted half parsed moves by, a part of a pixel of it; a tenth counts as good.
                if (!one.hadRecentInput && one.value >= 0.001) moved.push(one.value, ...one.sources.map((source) => source.node?.outerHTML?.slice(0, 100)));
            }).observe({ type: "layout-shift", buffered: true });
            """
        );
        return tab;
    }

    private static async Task LookAsync(Tab tab, string path, List<string> found)
    {
        await tab.GoAsync(path);
        // Two frames: what moves has moved.
        var moved = await tab.Page.EvaluateAsync<JsonElement>(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(moved))))"
        );
        if (moved.GetArrayLength() > 0)
        {
            found.Add($"{path} moves: {moved}");
        }

        await LookAtAsync(tab, path, found);
    }

    private static async Task LookAtAsync(Tab tab, string what, List<string> found)
    {
        await tab.Page.EvaluateAsync(Axe);
        await AddAsync(All, "");
        await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await AddAsync(["color-contrast"], " in the dark");
        await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });

        async Task AddAsync(string[] rules, string how) =>
            found.AddRange(
                (await tab.Page.EvaluateAsync<string[]>(Rules, rules)).Select(one =>
                    $"{what}{how}: {one}"
                )
            );
    }

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
}
