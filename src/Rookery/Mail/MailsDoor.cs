using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Rookery.Mail;

/// <summary>The door of mails over their queue.</summary>
internal sealed class MailsDoor(IMailStore store, MailSite site, IOptions<MailOptions> options)
    : IMails
{
    public Task OrderAsync(MailOrder order, CancellationToken token) =>
        store.AddAsync(order, token);

    public ValueTask<MailState?> StateAsync(string key, CancellationToken token) =>
        store.StateAsync(key, token);

    public async ValueTask<MailBacklog> BacklogAsync(CancellationToken token) =>
        await store.BacklogAsync(token) with
        {
            HasServer = options.Value.Smtp.Length > 0,
        };

    public string LinkTo(string path) => site.Of(path);

    public async ValueTask<IReadOnlySet<string>> UnwantedAsync(
        AccountId account,
        CancellationToken token
    ) => (await store.ChoicesAsync(account, token))?.Unwanted ?? FrozenSet<string>.Empty;

    public Task WantAsync(AccountId account, string kind, bool isWanted, CancellationToken token) =>
        store.WantAsync(account, kind, isWanted, token);
}
