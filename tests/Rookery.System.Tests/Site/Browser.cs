using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>
/// A browser without JavaScript: it keeps cookies, follows redirects, and sends the forms that it finds in pages, with what they say. Every page that it sees is
/// looked at for what all must have.
/// </summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http;
    private readonly CookieContainer _cookies = new();
    private readonly CancellationToken _stop;

    /// <param name="language">What it says that its person reads; empty: nothing.</param>
    public Browser(Uri address, CancellationToken stop, string language = "")
    {
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                CookieContainer = _cookies,
            }
        )
        {
            BaseAddress = address,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", language);
        _stop = stop;
    }

    public Uri Address => _http.BaseAddress!;

    /// <summary>In which every page must be from now on.</summary>
    public string Language { get; set; } = "en";

    /// <summary>The page that is shown.</summary>
    public IHtmlDocument Page { get; private set; } = null!;

    public HttpStatusCode Status { get; private set; }

    /// <summary>Where the page is, with its query and its anchor.</summary>
    public string Place { get; private set; } = "";

    public CookieCollection Cookies => _cookies.GetCookies(Address);

    public string Text => Page.Body!.TextContent;

    public async Task<Browser> OpenAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        await ShowAsync(request, path);
        return this;
    }

    public Task<Browser> FollowAsync(string selector) =>
        OpenAsync(Find(selector).GetAttribute("href")!);

    /// <summary>Sends the form that the selector finds, as it would be sent by its first button, with other values in some fields.</summary>
    public Task<Browser> SendAsync(string form, params (string Name, string Value)[] typed) =>
        SubmitAsync((IHtmlFormElement)Find(form), null, typed);

    /// <summary>As <see cref="SendAsync"/>, with files chosen in some of its fields for them.</summary>
    public async Task<Browser> SendFilesAsync(
        string form,
        (string Name, byte[] File)[] chosen,
        params (string Name, string Value)[] typed
    )
    {
        var found = (IHtmlFormElement)Find(form);
        Assert.Equal("multipart/form-data", found.Enctype);
        using var request = await RequestOfAsync(found, null, typed);
        using var body = new MultipartFormDataContent();
        foreach (var (name, value) in FieldsOf(found, typed))
        {
            body.Add(new StringContent(value), name);
        }

        foreach (var field in found.QuerySelectorAll("input[type=file]"))
        {
            var name = field.GetAttribute("name")!;
            var file = chosen.FirstOrDefault(one => one.Name == name).File;
            // Browsers send a field that was left empty as a file without a name.
            var content = new ByteArrayContent(file ?? []);
            content.Headers.TryAddWithoutValidation(
                "Content-Disposition",
                $"form-data; name=\"{name}\"; filename=\"{(file is null ? "" : "a.jpg")}\""
            );
            body.Add(content);
        }

        request.Content = body;
        await ShowAsync(request, request.RequestUri!.OriginalString);
        return this;
    }

    /// <summary>Presses a button that stands in a form, or belongs to one.</summary>
    public Task<Browser> PressAsync(string selector)
    {
        var button = (IHtmlButtonElement)Find(selector);
        var form = button.GetAttribute("form") is { } id
            ? (IHtmlFormElement)Find($"form#{id}")
            : (IHtmlFormElement)button.Closest("form")!;
        return SubmitAsync(form, button, []);
    }

    public IElement Find(string selector) =>
        Page.QuerySelector(selector)
        ?? throw new InvalidOperationException(
            $"{Place} has no {selector}:\n{Page.Body!.InnerHtml}"
        );

    /// <summary>Sends something else than a form of the page; the page that is shown stays.</summary>
    public Task<HttpResponseMessage> RawAsync(HttpRequestMessage request) =>
        _http.SendAsync(request, _stop);

    public async Task<Browser> SignUpAsync(string username)
    {
        await OpenAsync("/signup");
        await SendAsync(
            "main form",
            ("username", username),
            ("email", $"{username}@example.org"),
            ("password", ClassicClient.Password)
        );
        Assert.Equal("/home", Place);
        return this;
    }

    public async Task<Browser> PostAsync(string text, string visibility = "public")
    {
        await OpenAsync("/home");
        await SendAsync("form#write", ("text", text), ("visibility", visibility));
        Assert.Equal(HttpStatusCode.OK, Status);
        return this;
    }

    /// <summary>Texts of the posts that the page shows, in their order.</summary>
    public List<string> Posts() =>
        [.. Page.QuerySelectorAll("article .text").Select(text => text.TextContent)];

    public void Dispose() => _http.Dispose();

    private async Task<Browser> SubmitAsync(
        IHtmlFormElement form,
        IHtmlButtonElement? button,
        (string Name, string Value)[] typed
    )
    {
        using var request = await RequestOfAsync(form, button, typed);
        await ShowAsync(request, request.RequestUri!.OriginalString);
        return this;
    }

    private async Task<HttpRequestMessage> RequestOfAsync(
        IHtmlFormElement form,
        IHtmlButtonElement? button,
        (string Name, string Value)[] typed
    )
    {
        var fields = FieldsOf(form, typed);
        if (button?.GetAttribute("name") is { } pressed)
        {
            fields.Add((pressed, button.GetAttribute("value") ?? ""));
        }

        var action = button?.GetAttribute("formaction") ?? form.GetAttribute("action") ?? Place;
        // Browsers end lines in forms with two characters.
        var body = new FormUrlEncodedContent(
            fields.Select(field =>
                KeyValuePair.Create(
                    field.Name,
                    field.Value.Replace("\n", "\r\n", StringComparison.Ordinal)
                )
            )
        );
        return form.Method.Equals("post", StringComparison.OrdinalIgnoreCase)
            ? FromOurPage(new HttpRequestMessage(HttpMethod.Post, action) { Content = body })
            : new HttpRequestMessage(
                HttpMethod.Get,
                $"{action}?{await body.ReadAsStringAsync(_stop)}"
            );
    }

    private static List<(string Name, string Value)> FieldsOf(
        IHtmlFormElement form,
        (string Name, string Value)[] typed
    )
    {
        var fields = form.QuerySelectorAll("input, textarea, select")
            .Where(field => field.HasAttribute("name") && IsSent(field))
            .Select(field => (Name: field.GetAttribute("name")!, Value: ValueOf(field)))
            .ToList();
        foreach (var (name, value) in typed)
        {
            // What no field of the form can hold, nobody can send with it.
            Assert.NotNull(form.QuerySelector($"[name={name}]"));
            fields.RemoveAll(field => field.Name == name);
            fields.Add((name, value));
        }

        return fields;
    }

    /// <summary>As browsers say it of a form that a page of the same site sends.</summary>
    private HttpRequestMessage FromOurPage(HttpRequestMessage request)
    {
        request.Headers.Add("Origin", Address.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return request;
    }

    private async Task ShowAsync(HttpRequestMessage request, string place)
    {
        var answer = await _http.SendAsync(request, _stop);
        for (var hops = 0; answer.StatusCode == HttpStatusCode.SeeOther; hops++)
        {
            Assert.True(hops < 5, "It goes round in circles.");
            PageRules.AssertHeaders(answer);
            place = answer.Headers.Location!.OriginalString;
            // The first character is the path's; two would be another host's name.
            Assert.Matches("^/(?!/)", place);
            answer.Dispose();
            answer = await _http.GetAsync(place, _stop);
        }

        (Status, Place) = (answer.StatusCode, place);
        var html = await answer.Content.ReadAsStringAsync(_stop);
        PageRules.AssertHeaders(answer);
        Page = PageRules.AssertMarkup(html, place, Language);
        Assert.Equal([Language], answer.Content.Headers.ContentLanguage);
        answer.Dispose();
    }

    private static bool IsSent(IElement field) =>
        field is not IHtmlInputElement { Type: "checkbox" or "radio" or "file" } box
        || (box.Type != "file" && box.IsChecked);

    private static string ValueOf(IElement field) =>
        field switch
        {
            IHtmlTextAreaElement area => area.Value,
            IHtmlSelectElement select => select.Value ?? "",
            IHtmlInputElement input => input.Value,
            _ => "",
        };
}
