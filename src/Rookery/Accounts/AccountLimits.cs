using System.Net;
using Microsoft.Extensions.Options;
using Rookery.Telemetry;

namespace Rookery.Accounts;

/// <summary>
/// How often one may sign up, try passwords and have mails sent. Asked before the use case, but for what the use case alone knows: the mailbox. Callers with
/// the service key and those of a development server are not counted where it is asked before.
/// </summary>
internal sealed class AccountLimits(
    IOptions<AccountsOptions> options,
    IRateLimits limits,
    TelemetryEvents telemetry
)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly IRateLimit _signUps = limits.Open(
        new("sign-ups", options.Value.SignUpsPerHourAndAddress, Hour, AtOnce: true)
    );

    private readonly IRateLimit _addresses = limits.Open(
        new("log-ins-of-address", options.Value.LogInsPerMinuteAndAddress, Minute, AtOnce: true)
    );

    private readonly IRateLimit _names = limits.Open(
        new("log-ins-of-name", options.Value.LogInsPerMinuteAndName, Minute, AtOnce: true)
    );

    private readonly IRateLimit _mails = limits.Open(
        new("mails-asked-for", options.Value.MailsPerHourAndAddress, Hour, AtOnce: true)
    );

    private readonly IRateLimit _mailboxes = limits.Open(
        new("mails-to-mailbox", options.Value.MailsPerHourAndMailbox, Hour, AtOnce: true)
    );

    /// <summary>Null when the address may sign up.</summary>
    public ValueTask<Problem?> RefuseSignUpAsync(IPAddress? address, CancellationToken token) =>
        RefuseAsync(
            _signUps,
            ClientAddress.KeyOf(address),
            "sign-ups",
            $"At most {options.Value.SignUpsPerHourAndAddress} accounts an hour are made from one address; come back when Retry-After says.",
            token
        );

    /// <summary>Null when the address may try to log in.</summary>
    public ValueTask<Problem?> RefuseLogInAsync(IPAddress? address, CancellationToken token) =>
        RefuseTryAsync(_addresses, ClientAddress.KeyOf(address), "from one address", token);

    /// <summary>Null when somebody may try to log in with this name, known or not.</summary>
    public ValueTask<Problem?> RefuseLogInAsAsync(string? username, CancellationToken token) =>
        RefuseTryAsync(
            _names,
            RateKey.OfName((username ?? "").ToLowerInvariant()),
            "with one username",
            token
        );

    /// <summary>Null when the account may try its password: to change it, or to delete itself. A stolen token is no free guess.</summary>
    public ValueTask<Problem?> RefusePasswordAsync(AccountId account, CancellationToken token) =>
        RefuseTryAsync(_names, RateKey.OfAccount(account), "for one account", token);

    /// <summary>Null when who asks may have a mail sent: the address, as whichever of its accounts, and the account, from wherever.</summary>
    /// <param name="account">Null where it is not known who asks.</param>
    /// <param name="address">Null where that is not known.</param>
    public async ValueTask<Problem?> RefuseMailAsync(
        AccountId? account,
        IPAddress? address,
        CancellationToken token
    ) =>
        (account is { } known ? await RefuseMailAsync(RateKey.OfAccount(known), token) : null)
        ?? (
            account is null || address is not null
                ? await RefuseMailAsync(ClientAddress.KeyOf(address), token)
                : null
        );

    private ValueTask<Problem?> RefuseMailAsync(RateKey asker, CancellationToken token) =>
        RefuseAsync(
            _mails,
            asker,
            "mails",
            $"At most {options.Value.MailsPerHourAndAddress} mails an hour are sent because one asks for them; come back when Retry-After says.",
            token
        );

    /// <summary>Null when a mail that anybody can ask for may be sent to this address, or to whoever has this username, known or not.</summary>
    public ValueTask<Problem?> RefuseMailToAsync(string folded, CancellationToken token) =>
        RefuseAsync(
            _mailboxes,
            RateKey.OfName(folded),
            "mails",
            $"At most {options.Value.MailsPerHourAndMailbox} mails an hour are sent to one mailbox because somebody asks for them; look whether one is there already, or come back when Retry-After says.",
            token
        );

    /// <summary>The same, where what is asked for is done without its mail too: nobody is refused.</summary>
    public async ValueTask<bool> MayMailToAsync(string folded, CancellationToken token) =>
        await _mailboxes.TakeAsync(RateKey.OfName(folded), token) is null;

    private ValueTask<Problem?> RefuseTryAsync(
        IRateLimit limit,
        RateKey key,
        string forWhat,
        CancellationToken token
    ) =>
        RefuseAsync(
            limit,
            key,
            "passwords",
            $"Too many passwords were tried {forWhat}; come back when Retry-After says.",
            token
        );

    /// <param name="name">As metrics call it.</param>
    private async ValueTask<Problem?> RefuseAsync(
        IRateLimit limit,
        RateKey key,
        string name,
        string detail,
        CancellationToken token
    )
    {
        if (await limit.TakeAsync(key, token) is not { } wait)
        {
            return null;
        }

        telemetry.LimitRefused(name);
        return Problem.TooMany(detail, wait);
    }
}
