using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rookery.Api;
using Rookery.Reading;
using Rookery.Web.Visits;

namespace Rookery.Web.Timelines;

/// <summary>How much has come to the home timeline since a page of it was made, which the script asks again and again: mostly an answer without a body.</summary>
internal sealed class CountNew(SiteRoutes site, ReadTimeline read)
{
    /// <summary>A page; beyond it nobody needs to know how many.</summary>
    private const int Most = Page.DefaultCount;

    public void Map(IEndpointRouteBuilder routes) =>
        site.Page(
            routes,
            SiteRoutes.Home + "/new",
            "How many posts have come to the home timeline since one",
            AnswerAsync,
            Visiting.Members
        );

    private async Task<Problem?> AnswerAsync(Visit visit)
    {
        var since = visit.Fields.OptionalPost("since_id");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        using var into = TimelinePage.Rent();
        var page = new Page(Most + 1, SinceId: since);
        await read.HomeAsync(visit.Member.Id, page, includeOwn: true, into, visit.Gone);
        var tag = TagOf(into);
        visit.Context.Response.Headers.ETag = tag;
        if (visit.Context.Request.Headers.IfNoneMatch == tag)
        {
            visit.Context.Response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        return await visit.Context.AnswerValueAsync(
            StatusCodes.Status200OK,
            into.EntryCount,
            static (json, count) =>
            {
                json.WriteStartObject();
                json.WriteNumber("count", Math.Min(count, Most));
                json.WriteBoolean("more", count > Most);
                json.WriteEndObject();
            }
        );
    }

    private static string TagOf(TimelinePage found) =>
        found.EntryCount == 0
            ? "\"0\""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"\"{found.EntryCount}-{found.FirstEntry}\""
            );
}
