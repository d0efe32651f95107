using Microsoft.AspNetCore.Http;
using Rookery.Accounts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>Finds what is at an address of this site: exactly that account or that status, and nothing else.</summary>
internal sealed class ResolveAddress(
    FindAccount findAccount,
    ReadTimeline read,
    GatherStatuses gather
)
{
    public async Task<SearchAnswer> HandleAsync(
        SearchQuestion question,
        AccountId? caller,
        HttpContext context
    )
    {
        var named = OwnAddress.OfUrl(question.Text, context.Request.Host);
        return named switch
        {
            { Post: { } post } when Asks(question, SearchQuestion.Statuses) =>
                SearchAnswer.Nothing with
                {
                    Statuses = await StatusAsync(post, named.Value.Username, caller, context),
                },
            { Post: null } when Asks(question, SearchQuestion.Accounts) => SearchAnswer.Nothing with
            {
                Accounts = await AccountAsync(named.Value.Username, context),
            },
            _ => SearchAnswer.Nothing,
        };
    }

    /// <summary>There is one at most, so nothing is behind it.</summary>
    private static bool Asks(SearchQuestion question, string category) =>
        question.Offset == 0 && question.Wants(category);

    /// <summary>Also one that is blocked: that it is there is no secret, and who unblocks somebody must find it.</summary>
    private async ValueTask<IReadOnlyList<AccountCard>> AccountAsync(
        string username,
        HttpContext context
    )
    {
        var found = await findAccount.ByUsernameAsync(username, "q", context.RequestAborted);
        return found.Succeeded ? [found.Value] : [];
    }

    private async ValueTask<IReadOnlyList<Status>> StatusAsync(
        PostId post,
        string username,
        AccountId? caller,
        HttpContext context
    )
    {
        var token = context.RequestAborted;
        using var into = TimelinePage.Rent();
        var sight = await read.ContextAsync(caller, token);
        await read.PostsAsync([post], mutesHide: false, sight, into, token);
        var found = await gather.HandleAsync(into, token);
        return
        [
            .. found.Where(status =>
                status.Author.Username.Equals(username, StringComparison.OrdinalIgnoreCase)
            ),
        ];
    }
}
