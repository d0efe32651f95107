using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Rookery.TestKit;
using Rookery.Web.Languages;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>The site in another language than English.</summary>
public sealed class LanguageTests : IAsyncLifetime
{
    private World _world = null!;
    private readonly List<Browser> _browsers = [];

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await World.EmptyAsync(Stop);

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(browser => browser.Dispose());
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Who_reads_German_goes_through_the_site_and_meets_no_English()
    {
        var bob = await NewBrowser().SignUpAsync("bob");
        await bob.PostAsync("שלום, 123!");
        var ana = NewBrowser("de-AT, en;q=0.5");
        ana.Language = "de";
        await LookAsync("/", "Ein ruhiger Ort für kurze Beiträge");
        await LookAsync("/about", "Über Rookery");
        await LookAsync("/terms", "Bedingungen");
        await LookAsync("/login", "Anmelden");
        await LookAsync("/signup", "Registrieren");
        await ana.SendAsync(
            "main form",
            ("username", "ana"),
            ("email", "ana@example.org"),
            ("password", ClassicClient.Password)
        );
        Assert.Equal("/home", ana.Place);
        await LookAsync("/home", "Start");
        await ana.SendAsync("form#write", ("text", "77"), ("spoiler_text", "88"));
        await LookAsync("/@bob", "bob");
        await ana.PressAsync(".tools button");
        Assert.Equal("Entfolgen", ana.Find(".tools button").TextContent);
        await ana.PressAsync("article .repost");
        await LookAsync("/@ana", "ana");
        Assert.Equal("ana hat geteilt", ana.Find(".context span").TextContent);
        await LookAsync("/@bob/followers", "bob");
        Assert.Equal("0 Follower", ana.Find(".accounts .quiet").TextContent);
        await ana.OpenAsync("/@bob");
        await ana.FollowAsync("article .when");
        Assert.Equal("שלום, 123!", ana.Find(".focused .text[dir=auto]").TextContent);
        await ana.SendAsync("form#reply", ("text", "99"));
        await LookAsync("/@ana/replies", "ana");
        Assert.Equal("Antwort an @bob", ana.Find("article p.context").TextContent);
        await LookAsync("/tags/herons", "#herons");
        await LookAsync("/search?q=77", "Suche");
        await LookAsync("/search?q=from:", "Suche");
        await LookAsync("/settings", "Einstellungen");
        await ana.SendAsync("form[action$=profile]", ("name", "Ana"), ("bio", "42"));
        Assert.Equal("Dein Profil ist geändert.", ana.Find(".notice").TextContent);
        await LookAsync("/settings/blocked", "Blockierte Konten");
        await LookAsync("/settings/muted", "Stummgeschaltete Konten");
        await LookAsync("/@bob/report", "bob melden");
        await ana.SendAsync("form.report", ("comment", "55"), ("category", "spam"));
        Assert.Equal("Danke", ana.Find("h1").TextContent);
        await LookAsync("/language", "Sprache");
        await LookAsync("/@nobody", "Hier ist nichts");
        await LookAsync("/public?max_id=x", "Das war nicht lesbar");
        await _world.GiveRoleAsync("ana", "admin", Stop);
        await LookAsync("/moderation", "Meldungen");
        await ana.FollowAsync(".reports a");
        await ana.SendAsync("main form", ("note", "66"));
        AssertGerman(ana);
        await LookAsync("/moderation/accounts/bob", "bob");
        await ana.SendAsync("main form", ("reason", "66"));
        AssertGerman(ana);
        await LookAsync("/moderation/acts", "Was die Moderation getan hat");
        Assert.Contains(
            "@ana hat @bob gesperrt",
            Squeezed(ana.Find(".reports")),
            StringComparison.Ordinal
        );
        await LookAsync("/moderation/server", "Der Server");

        async Task LookAsync(string path, string heading)
        {
            await ana.OpenAsync(path);
            Assert.Equal(path, ana.Place);
            Assert.Equal(heading, Squeezed(ana.Find("h1")));
            AssertGerman(ana);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_form_is_said_in_German_whole_sentences()
    {
        var ana = NewBrowser("de");
        ana.Language = "de";
        await ana.OpenAsync("/signup");
        await ana.SendAsync(
            "main form",
            ("username", "ana banana"),
            ("email", "ana@example.org"),
            ("password", ClassicClient.Password)
        );
        AssertSaid(
            "#username-error",
            "Der Benutzername enthält etwas anderes; er besteht aus 3 bis 30 Zeichen: Buchstaben a–z, Ziffern 0–9 und _."
        );
        AssertSaid("[role=alert]", "Etwas im Formular stimmt noch nicht; unten steht, was.");
        await ana.SendAsync("main form", ("username", "ana"), ("password", "password1234"));
        AssertSaid(
            "#password-error",
            "Das Passwort ist eines der häufigen, die zuerst probiert werden; wähle ein anderes, zum Beispiel vier Wörter ohne Zusammenhang."
        );
        await ana.SendAsync("main form", ("email", "x"), ("password", ClassicClient.Password));
        AssertSaid(
            "#email-error",
            "Das ist keine E-Mail-Adresse; gib eine an wie ana@example.org, mit höchstens 64 Zeichen vor dem einen @."
        );
        await ana.SendAsync(
            "main form",
            ("email", "ana@example.org"),
            ("password", ClassicClient.Password)
        );
        await ana.SendAsync("form#write", ("text", new string('x', 501)));
        AssertSaid(
            "#text-error",
            "Der Text ist 501 Zeichen lang; höchstens 500 sind erlaubt (ein Link zählt 23)."
        );
        await ana.OpenAsync("/settings");
        await ana.SendAsync("form[action$=profile]", ("name", " "));
        AssertSaid("#profile-name-error", "Der Name ist leer; er muss 1 bis 50 Zeichen haben.");
        await ana.SendAsync(
            "form[action$=password]",
            ("password", "not it"),
            ("new_password", "x")
        );
        AssertSaid("[id^=change-][id$=-error]");
        await NewBrowser().SignUpAsync("bob");
        await ana.OpenAsync("/@bob/report");
        await ana.SendAsync("form.report");
        AssertSaid("#category-error", "Wähle aus, worum es geht.");

        var stranger = NewBrowser("de");
        stranger.Language = "de";
        await stranger.OpenAsync("/login");
        await stranger.SendAsync("main form", ("username", "ana"), ("password", "no idea at all"));
        Assert.Equal(
            "Der Benutzername oder das Passwort ist falsch.",
            stranger.Find("[role=alert]").TextContent
        );

        void AssertSaid(string selector, string? text = null)
        {
            Assert.Null(ana.Find(selector).GetAttribute("lang"));
            Assert.Equal(text ?? ana.Find(selector).TextContent, ana.Find(selector).TextContent);
            AssertGerman(ana);
        }
    }

    [Fact]
    public async Task A_card_that_is_kept_in_one_language_is_never_shown_in_another()
    {
        var english = await NewBrowser().SignUpAsync("ana");
        await english.PostAsync("1");
        var stranger = NewBrowser("fr, en;q=0.1");
        var german = NewBrowser("de");
        german.Language = "de";
        // Twice: what the first look keeps, the second finds.
        for (var i = 0; i < 2; i++)
        {
            await stranger.OpenAsync("/public");
            Assert.Equal("Likes0", stranger.Find("article .act:last-child").TextContent);
            await german.OpenAsync("/public");
            Assert.Equal("Gefällt0", german.Find("article .act:last-child").TextContent);
            AssertGerman(german);
        }
    }

    [Fact]
    public async Task What_somebody_chooses_goes_before_what_the_browser_asks_for_until_it_is_taken_back()
    {
        var stranger = NewBrowser("en-GB");
        await stranger.OpenAsync("/about");
        await stranger.FollowAsync("footer [href^='/language']");
        stranger.Language = "de";
        await stranger.PressAsync("button[value=de]");
        Assert.Equal("/about", stranger.Place);
        Assert.Equal("Über Rookery", stranger.Find("h1").TextContent);
        Assert.True(stranger.Cookies["rookery_language"]!.HttpOnly);
        await stranger.OpenAsync("/login");
        await stranger.FollowAsync("footer [href^='/language']");
        stranger.Language = "en";
        await stranger.PressAsync("button[value='']");
        Assert.Equal("/login", stranger.Place);

        await stranger.OpenAsync("/language?return=//elsewhere.example");
        await stranger.SendAsync("main form", ("language", "xx"));
        Assert.Equal(HttpStatusCode.BadRequest, stranger.Status);
        Assert.Contains("one of en, de", stranger.Text, StringComparison.Ordinal);
        await stranger.OpenAsync("/language?return=//elsewhere.example");
        await stranger.PressAsync("button[value=en]");
        Assert.Equal("/", stranger.Place);
    }

    [Fact]
    public async Task The_script_is_told_in_the_readers_language_what_is_wrong()
    {
        var ana = await NewBrowser().SignUpAsync("ana");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/posts")
        {
            Content = new FormUrlEncodedContent([
                KeyValuePair.Create("text", " "),
                KeyValuePair.Create(
                    "form_token",
                    ana.Find("[name=form_token]").GetAttribute("value")!
                ),
            ]),
        };
        request.Headers.Add("Accept", "application/json");
        request.Headers.Add("Accept-Language", "de");
        using var answer = await ana.RawAsync(request);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal(
            "Der Text ist leer; er muss 1 bis 500 Zeichen haben.",
            problem.RootElement.GetProperty("detail").GetString()
        );
    }

    [Fact]
    public async Task What_the_script_is_refused_by_the_client_API_is_said_in_the_readers_language()
    {
        var ana = await NewBrowser().SignUpAsync("ana");
        var token = ana.Find("[name=form_token]").GetAttribute("value")!;
        Assert.Equal(
            "Die Datei muss ein Bild (JPEG, PNG, GIF oder WebP) oder ein Video (MP4 oder WebM) sein; ihr Anfang sagt, dass sie etwas anderes ist.",
            await UploadAsync("de", token)
        );
        Assert.StartsWith("file must be a picture", await UploadAsync("en", token), Ordinal);
        await ana.OpenAsync("/settings");
        await ana.PressAsync("form[action$=sessions] button");
        Assert.Equal(
            "Dafür musst du angemeldet sein; melde dich an.",
            await UploadAsync("de", token)
        );
        // Whoever is no page is told what is stated.
        Assert.StartsWith("This needs a token", await UploadAsync("de", null), Ordinal);

        async Task<string> UploadAsync(string language, string? proof)
        {
            using var body = new MultipartFormDataContent
            {
                { new ByteArrayContent("no picture"u8.ToArray()), "file", "a.png" },
            };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/media")
            {
                Content = body,
            };
            if (proof is not null)
            {
                request.Headers.Add("Rookery-Form-Token", proof);
            }

            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
            using var answer = await ana.RawAsync(request);
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop));
            return problem.RootElement.GetProperty("error").GetString()!;
        }
    }

    /// <summary>Nothing on the page is a text of the site as English has it.</summary>
    private static void AssertGerman(Browser browser)
    {
        var german = Words.Find("de")!;
        var english = typeof(Words)
            .GetProperties()
            .Where(text => text.PropertyType == typeof(string) && text.Name != "LanguageName")
            .Where(text => !Equals(text.GetValue(german), text.GetValue(Words.English)))
            .Select(text => (string)text.GetValue(Words.English)!)
            .Where(text => text.Any(char.IsLetter))
            .ToHashSet(StringComparer.Ordinal);
        var said = browser
            .Page.All.SelectMany(one =>
                one.ChildNodes.OfType<IText>()
                    .Select(text => text.Text)
                    .Concat(
                        ((string[])["title", "aria-label", "placeholder", "alt"]).Select(name =>
                            one.GetAttribute(name) ?? ""
                        )
                    )
            )
            .Select(text => text.Trim());
        Assert.DoesNotContain(said, english.Contains);
    }

    private static string Squeezed(IElement element) =>
        string.Join(
            ' ',
            element.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
        );

    private Browser NewBrowser(string language = "")
    {
        var browser = new Browser(_world.Server.Http.BaseAddress!, Stop, language);
        _browsers.Add(browser);
        return browser;
    }
}
