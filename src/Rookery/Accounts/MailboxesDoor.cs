namespace Rookery.Accounts;

/// <summary>The door of mailboxes over the store of addresses.</summary>
internal sealed class MailboxesDoor(IEmailStore store) : IMailboxes
{
    public async ValueTask<Mailbox?> FindAsync(AccountId account, CancellationToken token) =>
        await store.FindAsync(account, token) is { IsConfirmed: true } owner
            ? new Mailbox(owner.Email, owner.DisplayName, owner.Language)
            : null;
}
