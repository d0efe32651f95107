using Microsoft.AspNetCore.Routing;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Languages;

/// <param name="Back">Where the browser goes when it is chosen.</param>
public sealed record LanguageModel(Frame Frame, string Back);

/// <summary>Where anybody chooses the language of the site, for this browser.</summary>
internal sealed class LanguagePages(Pages pages, SiteRoutes site)
{
    public const string Root = "/language";
    public const string Field = "language";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, Root, "The languages of the site, to choose from", ShowAsync);
        site.Form(
            routes,
            Root,
            "Choose the language of the site in this browser",
            ChooseAsync,
            Visiting.Anybody
        );
    }

    /// <summary>The page, which leads back to where one was.</summary>
    public static string From(string here) =>
        $"{Root}?{LocalPath.Field}={Uri.EscapeDataString(here)}";

    private Task<Problem?> ShowAsync(Visit visit)
    {
        var one = visit.WithForms();
        return pages.ShowAsync<LanguagePage>(
            one,
            new LanguageModel(
                pages.FrameOf(one, visit.Say.ChooseLanguage) with
                {
                    Here = visit.Back("/"),
                },
                visit.Back("/")
            )
        );
    }

    private Task<Problem?> ChooseAsync(Visit visit)
    {
        var chosen = visit.Text(Field);
        if (chosen.Length > 0 && Words.Find(chosen) is null)
        {
            visit.Fields.Refuse(
                Field,
                $"must be one of {string.Join(", ", Words.All.Select(one => one.Code))}, or empty"
            );
        }

        if (visit.Fields.Problem is { } wrong)
        {
            return Task.FromResult<Problem?>(wrong);
        }

        Cookies.KeepLanguage(visit.Context, chosen);
        return Task.FromResult(visit.SeeOther(visit.Back("/")));
    }
}
