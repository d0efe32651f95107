using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Moderation;

namespace Rookery.Api.Mastodon;

/// <summary>Telling the moderators about an account.</summary>
internal sealed class ReportsMastodonApi(
    Callers callers,
    ReportAccount report,
    FindAccount findAccount,
    SiteAddress site
)
{
    private const string Path = "/api/v1/reports";

    private const string Example =
        """{"id":"321","action_taken":false,"action_taken_at":null,"category":"spam","comment":"The same link under every post.","forwarded":false,"created_at":"2026-01-02T03:04:05.678Z","status_ids":["987"],"rule_ids":null,"collection_ids":null,"target_account":{"id":"456","username":"bob","acct":"bob","display_name":"Bob","locked":false,"bot":false,"group":false,"discoverable":true,"indexable":true,"noindex":false,"created_at":"2026-01-02T00:00:00.000Z","note":"","url":"http://127.0.0.1:8080/@bob","uri":"http://127.0.0.1:8080/@bob","avatar":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.png","avatar_static":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.png","avatar_description":"","header":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.png","header_static":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.png","header_description":"","followers_count":2,"following_count":5,"statuses_count":3,"last_status_at":null,"hide_collections":false,"emojis":[],"fields":[]}}""";

    private static readonly FieldDoc[] _fields =
    [
        MastodonRoutes.Token,
        new(
            "auth_token",
            FieldType.Text,
            FieldPlace.Query,
            "The token, unless it stands in the Authorization header.",
            false,
            1,
            Callers.LongestToken
        ),
        new("account_id", FieldType.Id, FieldPlace.Body, "Whom it is about."),
        new(
            "status_ids",
            FieldType.Ids,
            FieldPlace.Body,
            "Posts by this account that show what is meant.",
            false,
            0,
            ReportAccount.MaxPosts
        ),
        new(
            "comment",
            FieldType.Text,
            FieldPlace.Body,
            "What is wrong, in one's own words.",
            false,
            0,
            ReportAccount.MaxComment
        ),
        new(
            "category",
            FieldType.Text,
            FieldPlace.Body,
            "`spam`, `legal`, `violation` (of the rules) or `other`; `other` if not said.",
            false,
            4,
            9
        ),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<ReportsMastodonApi>(routes.ServiceProvider);
        routes.MapMastodon(
            "POST",
            Path,
            api.ReportAsync,
            new RouteDoc("Tell the moderators about an account", AuthKind.Token)
            {
                Fields = _fields,
                Answers =
                [
                    new(
                        200,
                        "The report; the same one, while it is open, where it says the same",
                        Example
                    ),
                    new(404, "There is no such account, or no such post by it"),
                ],
            }
        );
    }

    private async Task<Problem?> ReportAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var account = fields.Account("account_id");
        var posts = fields.Posts("status_ids", ReportAccount.MaxPosts);
        var comment = fields.OptionalText("comment", ReportAccount.MaxComment, min: 0) ?? "";
        var category = CategoryIn(fields);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var token = context.RequestAborted;
        var made = await report.HandleAsync(
            new ReportRequest(caller.Value, account, category, comment, posts),
            token
        );
        if (!made.Succeeded)
        {
            return made.Problem;
        }

        var reported = await findAccount.ByIdAsync(account, "account_id", token);
        var here = MastodonSite.Of(site, context.Request);
        return await context.AnswerAsync(
            200,
            reported,
            (json, card) => ReportEntity.Write(json, made.Value, card, here)
        );
    }

    private static ReportCategory CategoryIn(RequestFields fields)
    {
        if (fields.OptionalText("category") is not { } sent)
        {
            return ReportCategory.Other;
        }

        if (ReportCategories.Parse(sent) is { } category)
        {
            return category;
        }

        fields.Refuse("category", $"must be {ReportCategories.Listed}");
        return default;
    }
}
