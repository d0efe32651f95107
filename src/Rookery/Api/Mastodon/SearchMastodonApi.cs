using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Reading;
using Rookery.Search;

namespace Rookery.Api.Mastodon;

/// <summary>Search for accounts, statuses and hashtags at once, as Mastodon's clients ask.</summary>
internal sealed class SearchMastodonApi(
    Callers callers,
    SiteAddress address,
    PrepareSearch prepare,
    ReadFound found,
    ResolveAddress resolve,
    SearchAccounts searchAccounts,
    SearchHashtags searchHashtags,
    FindAccount findAccount,
    GatherStatuses gather
)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var parts = routes.ServiceProvider;
        var api = ActivatorUtilities.CreateInstance<SearchMastodonApi>(
            parts,
            ActivatorUtilities.CreateInstance<ResolveAddress>(parts)
        );
        routes.MapMastodon("GET", "/api/v2/search", api.SearchAsync, SearchDoc.Route);
    }

    private async Task<Problem?> SearchAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var fields = new LenientFields(sent);
        var caller = await callers.OptionalAsync(context, fields);
        var question = SearchQuestion.Read(sent, fields);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        if (caller.Value is null && SearchQuestion.RefuseAnonymous(fields) is { } refused)
        {
            return refused;
        }

        var answer =
            question.Resolve && OwnAddress.IsUrl(question.Text)
                ? await resolve.HandleAsync(question, caller.Value, context)
                : await FindAsync(question, caller.Value, context);
        var site = MastodonSite.Of(address, context.Request);
        return await context.AnswerAsync(
            200,
            answer,
            (json, all) => Write(json, all, caller.Value, site)
        );
    }

    private async Task<Result<SearchAnswer>> FindAsync(
        SearchQuestion question,
        AccountId? caller,
        HttpContext context
    )
    {
        Result<Status[]> statuses = question.Wants(SearchQuestion.Statuses)
            ? await StatusesAsync(question, caller, context)
            : Array.Empty<Status>();
        return !statuses.Succeeded
            ? statuses.Problem
            : new SearchAnswer(
                question.Wants(SearchQuestion.Accounts) && !question.IsHashtag
                    ? await AccountsAsync(question, caller, context)
                    : [],
                statuses.Value,
                question.Wants(SearchQuestion.Hashtags) && question.MayBeHashtag
                    ? await HashtagsAsync(question, context)
                    : []
            );
    }

    private async Task<IReadOnlyList<AccountCard>> AccountsAsync(
        SearchQuestion question,
        AccountId? caller,
        HttpContext context
    )
    {
        var name = OwnAddress.NameIn(question.Text, context.Request.Host);
        if (name is null && OwnAddress.IsOnServer(question.Text))
        {
            return [];
        }

        var accounts = await searchAccounts.HandleAsync(
            name is null ? question.Text : $"@{name}",
            caller,
            new SearchAccounts.Wanted(question.Limit, question.Offset, question.Following),
            context.RequestAborted
        );
        SearchHeaders.SayPartial(context.Response, accounts.IsPartial);
        return accounts.Accounts;
    }

    private async Task<Result<Status[]>> StatusesAsync(
        SearchQuestion question,
        AccountId? caller,
        HttpContext context
    )
    {
        var token = context.RequestAborted;
        if (await QueryOfAsync(question, context) is not { } query)
        {
            return Array.Empty<Status>();
        }

        var prepared = await prepare.HandleAsync(query, caller, token);
        using var into = TimelinePage.Rent();
        var page = await found.HandleAsync(context, prepared, question.Page, question.Offset, into);
        if (question.Offset > 0 && into.EntryCount == 0 && page.Reached is { } reached)
        {
            return question.RefuseOffset(reached, page.ToSkip);
        }

        SearchHeaders.Say(context.Response, prepared, page);
        return (await gather.HandleAsync(into, token)).ToArray();
    }

    /// <summary>What statuses are searched by; null where none can be found.</summary>
    private async ValueTask<string?> QueryOfAsync(SearchQuestion question, HttpContext context)
    {
        var name = OwnAddress.NameIn(question.Text, context.Request.Host);
        var query = name is null ? question.Text : $"@{name}";
        if (question.Author is not { } author)
        {
            return query;
        }

        var account = await findAccount.ByIdAsync(author, "account_id", context.RequestAborted);
        return account.Succeeded ? SearchQuestion.OfAuthor(account.Value.Username, query) : null;
    }

    private async Task<IReadOnlyList<FoundHashtag>> HashtagsAsync(
        SearchQuestion question,
        HttpContext context
    )
    {
        var most = (int)Math.Min((long)question.Offset + question.Limit, HashtagsQuestion.Most);
        var hashtags = await searchHashtags.HandleAsync(
            question.Text,
            most,
            context.RequestAborted
        );
        var isCut =
            hashtags.Hashtags.Count == HashtagsQuestion.Most
            && question.Offset > HashtagsQuestion.Most - question.Limit;
        SearchHeaders.SayPartial(context.Response, hashtags.IsPartial || isCut);
        return [.. hashtags.Hashtags.Skip(question.Offset)];
    }

    private static void Write(
        Utf8JsonWriter json,
        SearchAnswer answer,
        AccountId? viewer,
        MastodonSite site
    )
    {
        json.WriteStartObject();
        json.WritePropertyName(SearchQuestion.Accounts);
        AccountEntity.WriteMany(json, answer.Accounts, site);
        json.WritePropertyName(SearchQuestion.Statuses);
        StatusEntity.WriteMany(json, answer.Statuses, viewer, site);
        json.WriteStartArray(SearchQuestion.Hashtags);
        foreach (var hashtag in answer.Hashtags)
        {
            TagEntity.Write(json, hashtag.Shown, viewer is not null, site);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>What was found of each category, at most as many as were asked for.</summary>
internal sealed record SearchAnswer(
    IReadOnlyList<AccountCard> Accounts,
    IReadOnlyList<Status> Statuses,
    IReadOnlyList<FoundHashtag> Hashtags
)
{
    public static SearchAnswer Nothing { get; } = new([], [], []);
}
