namespace Rookery.Accounts;

/// <summary>Confirms the address that a link was mailed to, for whoever has the link.</summary>
internal sealed class ConfirmEmail(IEmailStore store, TimeProvider time)
{
    /// <summary>The path of the page, before what is in the link.</summary>
    public const string Path = "/confirm/";

    public static Problem Ended => AccountMails.LinkEnded;

    /// <summary>What the link would confirm; null where it does not work any more.</summary>
    public async ValueTask<OpenLink?> FindAsync(string link, CancellationToken token) =>
        TokenHash.TryOf(link, out var hash)
            ? await store.LinkAsync(hash, LinkKind.Confirm, time.GetUtcNow(), token)
            : null;

    public async Task<Result<AccountId>> HandleAsync(string link, CancellationToken token) =>
        TokenHash.TryOf(link, out var hash) ? await store.ConfirmAsync(hash, token) : Ended;
}
