using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>What one account posted, as Mastodon's clients show it on its profile.</summary>
internal sealed class TimelinesMastodonApi(
    Callers callers,
    SiteAddress address,
    FindAccount find,
    ReadTimeline read,
    ReadSelected select,
    GatherStatuses gather
)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 40;
    private const string Limit = "limit";
    private const string OnlyMedia = "only_media";
    private const string ExcludeReplies = "exclude_replies";
    private const string ExcludeReblogs = "exclude_reblogs";
    private const string Tagged = "tagged";
    private const string Pinned = "pinned";

    private static readonly string[] _kept =
    [
        Limit,
        OnlyMedia,
        ExcludeReplies,
        ExcludeReblogs,
        Tagged,
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<TimelinesMastodonApi>(routes.ServiceProvider);
        routes.MapMastodon(
            "GET",
            "/api/v1/accounts/{id}/statuses",
            api.OfAccountAsync,
            new RouteDoc("What one account posted, newest first", AuthKind.OptionalToken)
            {
                Fields =
                [
                    new("id", FieldType.Id, FieldPlace.Path, "Whose."),
                    .. Selection(),
                    .. MastodonRoutes.PageFields(DefaultLimit, MaxLimit),
                    MastodonRoutes.Token,
                ],
                Answers =
                [
                    new(
                        200,
                        "The page; the Link header says where the list goes on, also where this page is shorter or empty",
                        $"[{SearchDoc.Status}]"
                    ),
                    new(404, "There is no such account"),
                ],
            }
        );
    }

    private static FieldDoc[] Selection() =>
        [
            SearchDoc.Lenient(OnlyMedia, FieldType.Flag, "Only what has pictures."),
            SearchDoc.Lenient(
                ExcludeReplies,
                FieldType.Flag,
                "Without answers to others; answers to oneself stay."
            ),
            SearchDoc.Lenient(ExcludeReblogs, FieldType.Flag, "Without what it reposts."),
            SearchDoc.Lenient(Tagged, FieldType.Text, "Only what has this hashtag in its text."),
            SearchDoc.Lenient(
                Pinned,
                FieldType.Flag,
                "Only what is pinned to the profile: nothing can be, so the list is empty."
            ),
        ];

    private async Task<Problem?> OfAccountAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var fields = new LenientFields(sent);
        var caller = await callers.OptionalAsync(context, fields);
        var author = sent.PathAccount("id");
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var token = context.RequestAborted;
        var found = await find.ByIdAsync(author, "id", token);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        using var into = TimelinePage.Rent();
        await ReadAsync(context, author, caller.Value, fields, into);
        var statuses = await gather.HandleAsync(into, token);
        var site = MastodonSite.Of(address, context.Request);
        return await context.AnswerValueAsync(
            200,
            statuses,
            (json, all) => StatusEntity.WriteMany(json, all, caller.Value, site)
        );
    }

    /// <summary>Reads the page, and says where the list goes on.</summary>
    private async ValueTask ReadAsync(
        HttpContext context,
        AccountId author,
        AccountId? caller,
        LenientFields fields,
        TimelinePage into
    )
    {
        var page = fields.Page(DefaultLimit, MaxLimit);
        into.Start(caller ?? default, page, includeOwn: false);
        if (fields.Flag(Pinned) || SelectionOf(fields) is not { } isShown)
        {
            return;
        }

        var token = context.RequestAborted;
        var list = await read.ByAuthorAsync(author, caller, token) with
        {
            OnlyMedia = fields.Flag(OnlyMedia),
        };
        var reached = await select.HandleAsync(list, isShown, caller, page, into, token);
        PostId? first = into.EntryCount > 0 ? into.FirstEntry : null;
        PostId? last = into.EntryCount > 0 ? into.LastEntry : null;
        if (page.FromBelow)
        {
            PageLinks.Say(context, _kept, last, into.IsFull ? first : reached ?? first);
        }
        else
        {
            PageLinks.Say(context, _kept, into.IsFull ? last : reached, first);
        }
    }

    /// <summary>Null where nothing can be in it.</summary>
    private static Func<Post, bool>? SelectionOf(LenientFields fields)
    {
        string? tag = null;
        if (fields.Text(Tagged) is { } tagged)
        {
            var named = Hashtag.Parse(tagged, Tagged);
            if (!named.Succeeded)
            {
                return null;
            }

            tag = named.Value;
        }

        var (onlyMedia, noReplies, noReposts) = (
            fields.Flag(OnlyMedia),
            fields.Flag(ExcludeReplies),
            fields.Flag(ExcludeReblogs)
        );
        return post =>
            !(onlyMedia && post.Media.Count == 0)
            && !(noReplies && post.Kind == PostKind.Reply && post.ParentAuthor != post.Author)
            && !(noReposts && post.Kind == PostKind.Repost)
            && (tag is null || GatherStatuses.Tags(post.Text).Contains(tag));
    }
}
