using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Posts;
using Rookery.Web.About;
using Rookery.Web.Layout;
using Rookery.Web.Profiles;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web.Feeds;

/// <summary>What an account posts for everybody, for feed readers.</summary>
internal sealed class FeedPages(FindAccount find, ReadEntries read, IOptions<SiteOptions> options)
{
    /// <summary>What was deleted is gone at the next look: it is kept, and asked for each time.</summary>
    private const string AskedEachTime = "public, no-cache";

    public void Map(IEndpointRouteBuilder routes)
    {
        SiteRoutes.Document(
            routes,
            ProfilePages.Root + ".atom",
            "An account's public posts as Atom",
            visit => AnswerAsync(visit, WriteAtom.ContentType, WriteAtom.Of)
        );
        SiteRoutes.Document(
            routes,
            ProfilePages.Root + ".rss",
            "An account's public posts as RSS",
            visit => AnswerAsync(visit, WriteRss.ContentType, WriteRss.Of)
        );
    }

    private async Task<Problem?> AnswerAsync(
        Visit visit,
        string contentType,
        Func<Feed, byte[]> write
    )
    {
        var found = await find.ByUsernameAsync(
            visit.Fields.PathText("username"),
            "username",
            visit.Gone
        );
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var account = found.Value;
        var origin = SiteAddress.OfPages(visit.Context.Request);
        var entries = await read.FeedAsync(visit, account.Id, new RenderHtml(origin));
        var feed = new Feed(origin, options.Value.Name, account, entries);
        if (!account.IsIndexable)
        {
            visit.Context.Response.Headers["X-Robots-Tag"] = "noindex";
        }

        return await PublicDocument.SendAsync(
            visit.Context,
            contentType,
            write(feed),
            AskedEachTime,
            feed.UpdatedAt
        );
    }
}
