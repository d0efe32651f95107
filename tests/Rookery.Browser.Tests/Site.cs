using Microsoft.Playwright;
using Rookery.BrowserTests;
using Rookery.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(Site))]

namespace Rookery.BrowserTests;

/// <summary>One server and one browser for all tests. Each test has people of its own, and each of them a browser profile.</summary>
public sealed class Site : IAsyncLifetime
{
    /// <summary>Debian's. A browser that is not there fails the tests.</summary>
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private World _world = null!;
    private int _people;

    internal HttpClient Http => _world.Server.Http;

    public async ValueTask InitializeAsync()
    {
        Assert.True(
            File.Exists(Chromium),
            $"There is no {Chromium}. As root: apt-get install --no-install-recommends chromium"
        );
        Assertions.SetDefaultExpectTimeout(30_000);
        _world = await World.EmptyAsync(TestContext.Current.CancellationToken);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Chromium,
                Args =
                [
                    "--no-sandbox",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                ],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_playwright is not null)
        {
            await _browser.DisposeAsync();
            _playwright.Dispose();
        }

        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    /// <summary>A browser of somebody who is not logged in.</summary>
    internal async Task<Tab> OpenAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = _world.Server.Http.BaseAddress!.ToString();
        options.ReducedMotion = ReducedMotion.Reduce;
        var profile = await _browser.NewContextAsync(options);
        profile.SetDefaultTimeout(30_000);
        return await Tab.NewAsync(profile);
    }

    /// <summary>A new account; the name goes on with a number, so that it is nobody else's.</summary>
    internal Task<ClassicClient> SignUpAsync(string name, CancellationToken stop) =>
        _world.SignUpAsync($"{name}{Interlocked.Increment(ref _people)}", stop);

    internal Task GiveRoleAsync(ClassicClient person, string role, CancellationToken stop) =>
        _world.GiveRoleAsync(person.Username, role, stop);

    /// <summary>A browser in which the account is logged in.</summary>
    internal async Task<Tab> OpenAsync(
        ClassicClient person,
        BrowserNewContextOptions? options = null
    )
    {
        var tab = await OpenAsync(options);
        await tab.Page.Context.AddCookiesAsync([
            new Cookie
            {
                Name = "rookery",
                Value = person.Token,
                Url = _world.Server.Http.BaseAddress!.ToString(),
                HttpOnly = true,
                SameSite = SameSiteAttribute.Lax,
            },
        ]);
        return tab;
    }

    /// <summary>Everything that was accepted has reached every consumer.</summary>
    internal Task SettleAsync(CancellationToken stop) => _world.SettleAsync(stop);
}
