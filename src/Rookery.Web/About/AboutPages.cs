using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.About;

/// <summary>What whoever runs the site says of it.</summary>
public sealed record AboutModel(
    Frame Frame,
    string Description,
    string Contact,
    IReadOnlyList<string> Rules
)
{
    public string ContactAddress =>
        Contact.Contains("://", StringComparison.Ordinal) ? Contact : $"mailto:{Contact}";
}

/// <summary>What holds for who has an account.</summary>
public sealed record TermsModel(Frame Frame, IReadOnlyList<string> Paragraphs);

/// <summary>The pages about the site, in its operator's words or in ours.</summary>
internal sealed class AboutPages(Pages pages, SiteRoutes site, IOptions<SiteOptions> options)
{
    private static readonly string[] UsualRules =
    [
        "Be civil: argue with what people say, and leave them in peace when they ask for it.",
        "Post nothing that is against the law, and nothing private of others.",
        "No advertising that nobody asked for, and no accounts that pretend to be somebody else.",
    ];

    private static readonly string[] UsualTerms =
    [
        "What you post stays yours. You let this server store it and show it to those for whom you wrote it.",
        "You can delete each of your posts, and your account with all that hangs on it, at any time. Both disappear for everybody at once and cannot be brought back. From the settings you can take a copy of your posts home.",
        "The server keeps what you post and like, pictures without what your camera wrote into them, and whom you follow, block and mute; your username, your name and what you say of yourself; your e-mail address, which is shown to nobody; your password in a form from which it cannot be read; and when each of your sessions began and was last used.",
        "What you post for everybody, everybody can read, search engines too unless you switch that off in the settings. A picture can be fetched by whoever has its address, which nobody can guess. Your browser keeps one cookie, with which you stay logged in; nothing follows you to other sites.",
        "Whoever breaks the rules may lose posts or the account. The service is given as it is, with no promise that it is always there.",
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, "/about", "What this site is, and its rules", AboutAsync);
        site.Page(routes, "/terms", "What holds for who has an account", TermsAsync);
    }

    private Task<Problem?> AboutAsync(Visit visit)
    {
        var said = options.Value;
        return pages.ShowAsync<AboutPage>(
            visit,
            new AboutModel(
                FrameOf(visit, "About", "/about"),
                said.Description,
                said.Contact,
                Parts(said.Rules, "\n", UsualRules)
            )
        );
    }

    private Task<Problem?> TermsAsync(Visit visit) =>
        pages.ShowAsync<TermsPage>(
            visit,
            new TermsModel(
                FrameOf(visit, "Terms", "/terms"),
                Parts(options.Value.Terms, "\n\n", UsualTerms)
            )
        );

    private Frame FrameOf(Visit visit, string title, string path) =>
        pages.FrameOf(visit, title) with
        {
            Meta = PageMeta.Of(visit.Context.Request, path) with
            {
                Description = options.Value.Description,
                IsIndexed = true,
            },
        };

    private static string[] Parts(string text, string between, string[] otherwise) =>
        text.ReplaceLineEndings("\n")
            .Split(between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            is { Length: > 0 } parts
            ? parts
            : otherwise;
}
