using System.Globalization;
using System.Xml;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Posts;
using Rookery.Web.About;
using Rookery.Web.Feeds;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Crawlers;

/// <summary>
/// What search engines may keep, as sitemaps.org has it: an index of days, and for each day the profiles that were made and the public posts that were written on it. Ids say
/// when they were given, so a day is one range of ids, and the index is made of nothing but the first date.
/// </summary>
internal sealed class SitemapPages(
    IAccounts accounts,
    IPosts posts,
    IOptions<SiteOptions> options,
    TimeProvider time
)
{
    public const string Index = "/sitemap.xml";

    /// <summary>Days of the index: 100 kB. What is older is found by following links.</summary>
    private const int MostDays = 1_000;

    /// <summary>Of each kind in a day: a sitemap is a bounded number of reads, however much was written.</summary>
    private const int MostOfADay = IAccounts.PageOfAll;

    private const string ContentType = "application/xml; charset=utf-8";
    private const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const string Format = "yyyy-MM-dd";

    /// <summary>Who is not to be found any more must not be looked for much longer.</summary>
    private const string ForAnHour = "public, max-age=3600";

    public void Map(IEndpointRouteBuilder routes)
    {
        SiteRoutes.Document(
            routes,
            Index,
            "The index of what search engines may keep",
            IndexAsync,
            RouteLimit.Searches
        );
        SiteRoutes.Document(
            routes,
            "/sitemaps/{day}.xml",
            "What search engines may keep of a day",
            DayAsync,
            RouteLimit.Searches
        );
    }

    private async Task<Problem?> IndexAsync(Visit visit)
    {
        var today = Today;
        var from = options.Value.MayBeIndexed ? await FirstDayAsync(visit.Gone) : today.AddDays(1);
        var origin = SiteAddress.OfPages(visit.Context.Request);
        var xml = FeedXml.Write(xml =>
        {
            xml.WriteStartElement("sitemapindex", Namespace);
            for (var i = 0; i < MostDays && today.AddDays(-i) >= from; i++)
            {
                var day = Name(today.AddDays(-i));
                xml.WriteStartElement("sitemap");
                xml.Text("loc", $"{origin}/sitemaps/{day}.xml");
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        });
        return await PublicDocument.SendAsync(visit.Context, ContentType, xml, ForAnHour);
    }

    /// <summary>Imported posts may be older than their accounts.</summary>
    private async ValueTask<DateOnly> FirstDayAsync(CancellationToken token)
    {
        var made = await accounts.AllAboveAsync(default, token);
        var written = await posts.AllAboveAsync(default, 1, token);
        return DayOf(
            made.Select(card => card.CreatedAt)
                .Concat(written.Select(post => post.Id.CreatedAt))
                .Append(time.GetUtcNow())
                .Min()
        );
    }

    private async Task<Problem?> DayAsync(Visit visit)
    {
        if (
            !options.Value.MayBeIndexed
            || !DateOnly.TryParseExact(
                visit.Fields.PathText("day"),
                Format,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
            || day > Today
            || StartOf(day) < Snowflake.Epoch
        )
        {
            return Problem.NotFound("There is no sitemap of this day; the index has all.");
        }

        var (above, below) = (
            Snowflake.FloorAt(StartOf(day)) - 1,
            Snowflake.FloorAt(StartOf(day.AddDays(1)))
        );
        var profiles = (await accounts.AllAboveAsync(new AccountId(above), visit.Gone))
            .Where(card => card.Id.Value < below && card.IsIndexable)
            .ToList();
        var written = await WrittenAsync(above, below, visit.Gone);
        var origin = SiteAddress.OfPages(visit.Context.Request);
        var xml = FeedXml.Write(xml =>
        {
            xml.WriteStartElement("urlset", Namespace);
            foreach (var profile in profiles)
            {
                Url(xml, $"{origin}/@{profile.Username}", null);
            }

            foreach (var (post, author) in written)
            {
                Url(xml, $"{origin}/@{author.Username}/{post}", post.CreatedAt);
            }

            xml.WriteEndElement();
        });
        return await PublicDocument.SendAsync(visit.Context, ContentType, xml, ForAnHour);
    }

    /// <summary>The newest public posts between the two by those who are to be found.</summary>
    private async ValueTask<IReadOnlyList<(PostId Post, AccountCard Author)>> WrittenAsync(
        long above,
        long below,
        CancellationToken token
    )
    {
        var ids = await posts.ListAsync(
            new PostList.Everybody(),
            new Page(MostOfADay, new PostId(below), new PostId(above)),
            token
        );
        var found = await posts.GetManyAsync(ids.ToArray(), token);
        var authors = (
            await accounts.CardsAsync(found.Select(post => post.Author).Distinct().ToArray(), token)
        )
            .Where(card => card.IsIndexable)
            .ToDictionary(card => card.Id);
        return
        [
            .. found
                .Where(post => authors.ContainsKey(post.Author))
                .OrderByDescending(post => post.Id)
                .Select(post => (post.Id, authors[post.Author])),
        ];
    }

    private static void Url(XmlWriter xml, string address, DateTimeOffset? writtenAt)
    {
        xml.WriteStartElement("url");
        xml.Text("loc", address);
        if (writtenAt is { } written)
        {
            xml.Text("lastmod", Times.Exact(written));
        }

        xml.WriteEndElement();
    }

    private DateOnly Today => DayOf(time.GetUtcNow());

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static DateTimeOffset StartOf(DateOnly day) =>
        new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static string Name(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);
}
