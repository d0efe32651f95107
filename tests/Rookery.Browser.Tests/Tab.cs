using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace Rookery.BrowserTests;

/// <summary>A tab of a profile of its own. It fails its test where a script of the page failed, or did what the page may not do.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = [];

    private Tab(IPage page)
    {
        Page = page;
        page.PageError += (_, fault) => _faults.Enqueue(fault);
        page.Console += (_, line) =>
        {
            // Answers that are errors are tested where they are given.
            if (
                line.Type == "error"
                && !line.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
            )
            {
                _faults.Enqueue(line.Text);
            }
        };
    }

    public IPage Page { get; }

    public ILocator Posts => Page.Locator("article:not([hidden])");

    public ILocator Pill => Page.Locator(".pill");

    public static async Task<Tab> NewAsync(IBrowserContext profile) =>
        new(await profile.NewPageAsync());

    public async Task GoAsync(string path) => await Page.GotoAsync(path);

    public ILocator Find(string selector) => Page.Locator(selector);

    public ILocator Post(string text) =>
        Page.Locator("article", new PageLocatorOptions { HasText = text }).First;

    public async Task WriteAsync(string text)
    {
        await Find("form.compose textarea").FillAsync(text);
        await Find("form.compose button[type=submit]").ClickAsync();
    }

    public async Task<IReadOnlyList<string>> TextsAsync() =>
        await Page.Locator("article:not([hidden]) .text").AllTextContentsAsync();

    /// <summary>The page was not loaded again since this was called first.</summary>
    public Task MarkAsync() => Page.EvaluateAsync("window.mark = true");

    public Task<bool> IsMarkedAsync() => Page.EvaluateAsync<bool>("window.mark === true");

    /// <summary>From now on the page's clock goes by hand too.</summary>
    public Task TakeClockAsync() => Page.Clock.InstallAsync();

    public Task PassAsync(int seconds) => Page.Clock.FastForwardAsync(seconds * 1000L);

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        Assert.Empty(_faults);
    }
}
