using Microsoft.AspNetCore.Http;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Media;
using Rookery.Web.Languages;

namespace Rookery.Web.Visits;

/// <summary>One request to the site: who makes it, and what was sent.</summary>
/// <param name="Me">The account whose session the browser holds; null for a stranger.</param>
/// <param name="Session">The token that the browser holds, whether it is still one or not; empty where it holds none.</param>
internal sealed record Visit(
    HttpContext Context,
    RequestFields Fields,
    AccountCard? Me,
    string Session
)
{
    /// <summary>What this visit's forms are proved with: see <see cref="FormToken"/>. Empty: no form of it would be taken.</summary>
    public string FormSecret { get; init; } = Session;

    /// <summary>Where the files of a form are that may hold any; null for all others.</summary>
    public UploadPlace? Files { get; init; }

    /// <summary>The language in which it is answered.</summary>
    public Words Say { get; } = ChosenLanguage.Of(Context);

    public AccountId? Account => Me?.Id;

    /// <summary>Of a page that only members see.</summary>
    public AccountCard Member =>
        Me ?? throw new InvalidOperationException("The route lets strangers in.");

    public CancellationToken Gone => Context.RequestAborted;

    /// <summary>Sent by the site's script, which stays on its page and is told what follows instead of being shown it.</summary>
    public bool IsByScript => ByScript(Context.Request);

    /// <inheritdoc cref="IsByScript"/>
    public static bool ByScript(HttpRequest request) =>
        request.Headers.Accept == "application/json";

    /// <summary>Where this page is, as a path that a browser can be sent back to.</summary>
    public string Here =>
        Context.Request.Path.ToUriComponent() + Context.Request.QueryString.ToUriComponent();

    /// <summary>Never the token: records are printed into logs.</summary>
    public override string ToString() => $"visit of {Me?.Username ?? "a stranger"}";
}
