using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;

namespace Rookery.Api.Mastodon;

/// <summary>One account by its id, or by the name that its address has.</summary>
internal sealed class AccountsMastodonApi(Callers callers, FindAccount find, SiteAddress address)
{
    /// <summary>Of a name with its server; the name alone has at most <see cref="Handle.MaxLength"/>.</summary>
    private const int LongestName = 300;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<AccountsMastodonApi>(routes.ServiceProvider);
        routes.MapMastodon(
            "GET",
            $"/api/v1/accounts/{{id:{NoActConstraint.Name}}}",
            api.ByIdAsync,
            Doc("One account", new FieldDoc("id", FieldType.Id, FieldPlace.Path, "Which."))
        );
        routes.MapMastodon(
            "GET",
            "/api/v1/accounts/lookup",
            api.ByNameAsync,
            Doc(
                "The account that is called so",
                new FieldDoc(
                    "acct",
                    FieldType.Text,
                    FieldPlace.Query,
                    "`user` or `user@host` of this server, with or without a sign before it, in any case.",
                    true,
                    1,
                    LongestName
                )
            )
        );
    }

    private static RouteDoc Doc(string summary, FieldDoc field) =>
        new(summary, AuthKind.OptionalToken)
        {
            Fields = [field, MastodonRoutes.Token],
            Answers =
            [
                new(200, "The account", SearchDoc.Account),
                new(404, "There is no such account"),
            ],
        };

    private async Task<Problem?> ByIdAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, new LenientFields(sent));
        var id = sent.PathAccount("id");
        return caller.Problem
            ?? sent.Problem
            ?? await AnswerAsync(context, await find.ByIdAsync(id, "id", context.RequestAborted));
    }

    private async Task<Problem?> ByNameAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, new LenientFields(sent));
        var text = sent.Text("acct", LongestName).Trim();
        var name = OwnAddress.NameIn(text, context.Request.Host) ?? text.TrimStart('@');
        return caller.Problem
            ?? sent.Problem
            ?? await AnswerAsync(
                context,
                await find.ByUsernameAsync(name, "acct", context.RequestAborted)
            );
    }

    private Task<Problem?> AnswerAsync(HttpContext context, Result<AccountCard> account)
    {
        var here = MastodonSite.Of(address, context.Request);
        return context.AnswerAsync(
            200,
            account,
            (json, found) => AccountEntity.Write(json, found, here)
        );
    }
}
