using System.Net;
using Microsoft.Extensions.Options;

namespace Rookery.Accounts;

/// <summary>
/// How often one may sign up and try passwords. Asked before the use case; callers with the service key and those of a
/// development server are not counted.
/// </summary>
internal sealed class AccountLimits(IOptions<AccountsOptions> options, TimeProvider time)
{
    private readonly RateLimiter _signUps = new(
        time,
        options.Value.SignUpsPerHourAndAddress,
        TimeSpan.FromHours(1)
    );

    private readonly RateLimiter _addresses = new(
        time,
        options.Value.LogInsPerMinuteAndAddress,
        TimeSpan.FromMinutes(1)
    );

    private readonly RateLimiter _names = new(
        time,
        options.Value.LogInsPerMinuteAndName,
        TimeSpan.FromMinutes(1)
    );

    /// <summary>Null when the address may sign up.</summary>
    public Problem? RefuseSignUp(IPAddress? address) =>
        _signUps.TryTake(ClientAddress.KeyOf(address), out var wait)
            ? null
            : Problem.TooMany(
                $"At most {options.Value.SignUpsPerHourAndAddress} accounts an hour are made from one address; come back when Retry-After says.",
                wait
            );

    /// <summary>Null when the address may try to log in.</summary>
    public Problem? RefuseLogIn(IPAddress? address) =>
        Refuse(_addresses, ClientAddress.KeyOf(address), "from one address");

    /// <summary>Null when somebody may try to log in with this name, known or not.</summary>
    public Problem? RefuseLogInAs(string? username) =>
        Refuse(_names, RateKey.OfName((username ?? "").ToLowerInvariant()), "with one username");

    /// <summary>Null when the account may try its password: to change it, or to delete itself. A stolen token is no free guess.</summary>
    public Problem? RefusePassword(AccountId account) =>
        Refuse(_names, RateKey.OfAccount(account), "for one account");

    private static Problem? Refuse(RateLimiter limiter, RateKey key, string forWhat) =>
        limiter.TryTake(key, out var wait)
            ? null
            : Problem.TooMany(
                $"Too many passwords were tried {forWhat}; come back when Retry-After says.",
                wait
            );
}
