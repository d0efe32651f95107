using Rookery.Mail;

namespace Rookery.Accounts;

/// <summary>What its owner sees of how an account is reached.</summary>
/// <param name="ToldOfLogIns">By mail, where that arrives.</param>
internal sealed record OwnEmail(AccountEmail? Email, bool ToldOfLogIns);

/// <summary>How an account is reached, and whether it is told of log-ins: for its owner alone.</summary>
internal sealed class ReadEmail(IEmailStore store, IMails mails)
{
    public async ValueTask<OwnEmail> HandleAsync(AccountId account, CancellationToken token) =>
        new(
            await store.FindAsync(account, token),
            !(await mails.UnwantedAsync(account, token)).Contains(AccountMails.OfLogIn)
        );

    public async ValueTask<bool> IsConfirmedAsync(AccountId account, CancellationToken token) =>
        await store.FindAsync(account, token) is { IsConfirmed: true };
}
