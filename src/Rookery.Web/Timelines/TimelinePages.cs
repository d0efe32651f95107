using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Web.About;
using Rookery.Web.Layout;
using Rookery.Web.Posts;
using Rookery.Web.Visits;

namespace Rookery.Web.Timelines;

/// <summary>A page whose main thing is a list of posts.</summary>
/// <param name="Write">The box to write in; null for strangers and where none stands.</param>
public sealed record TimelineModel(
    Frame Frame,
    string Heading,
    EntryPage Page,
    string Empty,
    ComposeModel? Write = null
);

/// <summary>The first page, the home timeline, everybody's posts, and those with a hashtag.</summary>
internal sealed class TimelinePages(
    Pages pages,
    SiteRoutes site,
    ReadEntries read,
    TakePictures pictures,
    ReadPostingDefaults defaults,
    IOptions<PostsOptions> posts,
    IOptions<SiteOptions> options
)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, "/", "The first page", FirstAsync);
        site.Page(routes, "/public", "What everybody posts", PublicAsync);
        site.Page(routes, "/tags/{hashtag}", "Posts with a hashtag", HashtagAsync);
        site.Page(
            routes,
            SiteRoutes.Home,
            "The member's home timeline",
            HomeAsync,
            Visiting.Members
        );
    }

    private async Task<Problem?> FirstAsync(Visit visit)
    {
        if (visit.Me is not null)
        {
            return visit.SeeOther(SiteRoutes.Home);
        }

        var page = new Page(Page.DefaultCount);
        var entries = await read.ListAsync(visit, new PostList.Everybody(), page);
        return await pages.ShowAsync<WelcomePage>(
            visit,
            new TimelineModel(
                pages.FrameOf(visit, "") with
                {
                    Meta = PageMeta.Of(visit.Context.Request, "/") with
                    {
                        Title = options.Value.Name,
                        Description = options.Value.DescriptionIn(visit.Say),
                        IsIndexed = true,
                    },
                },
                visit.Say.WhatPeoplePost,
                entries with
                {
                    // Search engines keep this page, and with it nobody who is not to be found.
                    Entries = [.. entries.Entries.Where(entry => entry.Shown.Author.IsIndexable)],
                    // Older ones are on the page of everybody's posts.
                    Older = entries.Older is null ? null : $"/public{entries.Older[1..]}",
                },
                visit.Say.NobodyPostedSignUp
            )
        );
    }

    private async Task<Problem?> PublicAsync(Visit visit)
    {
        var page = ReadEntries.PageOf(visit);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var entries = await read.ListAsync(visit, new PostList.Everybody(), page);
        return await pages.ShowAsync<ListPage>(
            visit,
            new TimelineModel(
                pages.FrameOf(visit, visit.Say.Everybody) with
                {
                    Place = "public",
                },
                visit.Say.WhatEverybodyPosts,
                entries,
                visit.Say.NobodyPosted
            )
        );
    }

    private async Task<Problem?> HomeAsync(Visit visit)
    {
        var page = ReadEntries.PageOf(visit);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var entries = await read.HomeAsync(visit, page);
        var frame = pages.FrameOf(visit, visit.Say.Home) with { Place = "home" };
        return await pages.ShowAsync<ListPage>(
            visit,
            new TimelineModel(
                frame,
                visit.Say.Home,
                entries,
                visit.Say.HomeEmpty,
                page.MaxId is null
                    ? ComposeModel.New(
                        frame,
                        posts.Value.MaxLength,
                        pictures.Most,
                        await defaults.HandleAsync(visit.Member.Id, visit.Gone)
                    )
                    : null
            )
        );
    }

    private async Task<Problem?> HashtagAsync(Visit visit)
    {
        var hashtag = Hashtag.Parse(visit.Fields.PathText("hashtag"), "hashtag");
        var page = ReadEntries.PageOf(visit);
        if ((hashtag.Problem ?? visit.Fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var entries = await read.ListAsync(visit, new PostList.WithHashtag(hashtag.Value), page);
        return await pages.ShowAsync<ListPage>(
            visit,
            new TimelineModel(
                pages.FrameOf(visit, $"#{hashtag.Value}"),
                $"#{hashtag.Value}",
                entries,
                visit.Say.NoPostWithHashtag
            )
        );
    }
}
