using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api;

namespace Rookery.Web.Visits;

/// <summary>
/// What the site leaves in browsers: the session's token, before there is one a secret for the forms of strangers, and the language where somebody chose it. No script can read
/// them, and no other site's request but a link carries them. Over TLS no other host under the same domain can set them.
/// </summary>
internal sealed class Cookies(IOptions<AccountsOptions> accounts)
{
    private const string Session = "rookery";
    private const string Form = "rookery-form";
    private const string Language = "rookery_language";
    private const string OfHostAlone = "__Host-";

    private static readonly TimeSpan AYear = TimeSpan.FromDays(365);

    /// <summary>Empty where there is none.</summary>
    public static string SessionOf(HttpContext context) => Read(context, Session);

    /// <summary>Empty where there is none.</summary>
    public static string FormOf(HttpContext context) => Read(context, Form);

    public void OpenSession(HttpContext context, string token) =>
        context.Response.Cookies.Append(
            NameOf(context, Session),
            token,
            Made(context, TimeSpan.FromDays(accounts.Value.SessionDays))
        );

    public static void EndSession(HttpContext context) =>
        context.Response.Cookies.Append(NameOf(context, Session), "", Made(context, TimeSpan.Zero));

    /// <summary>Ends with the browser.</summary>
    public static void KeepForm(HttpContext context, string secret) =>
        context.Response.Cookies.Append(NameOf(context, Form), secret, Made(context, null));

    /// <summary>Empty where none was chosen.</summary>
    public static string LanguageOf(HttpContext context) => Read(context, Language);

    /// <param name="code">Empty: it is forgotten.</param>
    public static void KeepLanguage(HttpContext context, string code) =>
        context.Response.Cookies.Append(
            NameOf(context, Language),
            code,
            Made(context, code.Length > 0 ? AYear : TimeSpan.Zero)
        );

    private static string Read(HttpContext context, string name) =>
        context.Request.Cookies[NameOf(context, name)] is { Length: <= Callers.LongestToken } value
            ? value
            : "";

    /// <summary>Browsers take a name with the prefix only over TLS; on loopback there is none.</summary>
    private static string NameOf(HttpContext context, string name) =>
        context.Request.IsHttps ? OfHostAlone + name : name;

    private static CookieOptions Made(HttpContext context, TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = lifetime,
            IsEssential = true,
        };
}
