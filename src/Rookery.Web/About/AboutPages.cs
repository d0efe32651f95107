using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Web.Languages;
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
                FrameOf(visit, visit.Say.About, "/about"),
                said.DescriptionIn(visit.Say),
                said.Contact,
                RulesIn(said, visit.Say)
            )
        );
    }

    private Task<Problem?> TermsAsync(Visit visit) =>
        pages.ShowAsync<TermsPage>(
            visit,
            new TermsModel(
                FrameOf(visit, visit.Say.Terms, "/terms"),
                Parts(options.Value.Terms, "\n\n", visit.Say.UsualTerms)
            )
        );

    /// <summary>One by one.</summary>
    public static IReadOnlyList<string> RulesIn(SiteOptions said, Words say) =>
        Parts(said.Rules, "\n", say.UsualRules);

    private Frame FrameOf(Visit visit, string title, string path) =>
        pages.FrameOf(visit, title) with
        {
            Meta = PageMeta.Of(visit.Context.Request, path) with
            {
                Description = options.Value.DescriptionIn(visit.Say),
                IsIndexed = true,
            },
        };

    /// <summary>Of what the operator says; where that is nothing, of what is usual.</summary>
    private static string[] Parts(string text, string between, string usual) =>
        (string.IsNullOrWhiteSpace(text) ? usual : text)
            .ReplaceLineEndings("\n")
            .Split(between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
