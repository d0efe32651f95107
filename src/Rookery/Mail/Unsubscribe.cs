namespace Rookery.Mail;

/// <summary>Ends the mails of one kind for whoever has one of them: the link in it is all that is asked for.</summary>
internal sealed class Unsubscribe(IMailStore store)
{
    /// <summary>The path of the page, before the ticket.</summary>
    public const string Path = "/unsubscribe/";

    /// <summary>The link's path for an account.</summary>
    public async Task<string> PathAsync(AccountId account, string kind, CancellationToken token)
    {
        var choices = await store.ChoicesAsync(account, token) is { Secret.Length: > 0 } known
            ? known
            : await store.SignAsync(account, token);
        return Path + new UnsubscribeTicket(account, kind).Write(choices.Secret.Span);
    }

    /// <summary>Whether the link is one that a mail had.</summary>
    public async Task<Result<Done>> CheckAsync(string ticket, CancellationToken token)
    {
        var found = await FindAsync(ticket, token);
        return found.Succeeded ? Done.Instance : found.Problem;
    }

    public async Task<Result<Done>> HandleAsync(string ticket, CancellationToken token)
    {
        var found = await FindAsync(ticket, token);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        await store.WantAsync(found.Value.Account, found.Value.Kind, isWanted: false, token);
        return Done.Instance;
    }

    private async Task<Result<UnsubscribeTicket>> FindAsync(
        string ticket,
        CancellationToken token
    ) =>
        UnsubscribeTicket.Read(ticket) is { } read
        && await store.ChoicesAsync(read.Account, token) is { Secret.Length: > 0 } choices
        && read.IsOf(choices.Secret.Span)
            ? read
            : Problem.NotFound(
                "This link is not one of a mail of this site, or not all of it; open it as it stands in the mail, or choose in the settings which mails you get.",
                "ticket"
            );
}
