using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api.Service;
using Rookery.Telemetry;

namespace Rookery.Api;

/// <summary>
/// Bounds on how often one caller may ask: one account, or one address (IPv6: one /64) without a token. Callers with the service key are free of them.
/// Processes with the same Redis count together.
/// </summary>
public sealed class RequestLimitsOptions
{
    public const string Section = "Limits";

    /// <summary>
    /// Reads per minute of one caller; 0 sets no bound. The default stops a program that runs wild, not a busy client: it is about what one core
    /// can answer.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int ReadsPerMinute { get; set; } = 3_000_000;

    /// <summary>Writes per minute of one caller, so many of them at once; 0 sets no bound. Far more than any person's, far less than the disk's.</summary>
    [Range(0, int.MaxValue)]
    public int WritesPerMinute { get; set; } = 6_000;

    /// <summary>
    /// Searches per second of one caller; 0 sets no bound. One reads through up to <c>Search:PostsPerSearch</c> posts, and counts once more for every 1,000 of them.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int SearchesPerSecond { get; set; } = 10;

    /// <summary>
    /// Bodies per minute that are read from one address before it is known whose they are; 0 sets no bound. Many people may share an address.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int BodiesPerMinuteAndAddress { get; set; } = 600_000;

    /// <summary>Bytes of all bodies that are being read at the same time; a request beyond it gets 503.</summary>
    [Range(1 << 20, 1L << 40)]
    public long BodyBytes { get; set; } = 64 << 20;
}

/// <summary>
/// The one place where limits are kept. Which one holds for a request stands on its route (<see cref="RouteDoc.Limit"/>): what can be said of the
/// address is asked before the body is read, what depends on the caller as soon as the caller is known.
/// </summary>
internal sealed class RequestLimits(
    IOptions<RequestLimitsOptions> options,
    AccountLimits accounts,
    ServiceAccess service,
    IRateLimits limits,
    TelemetryEvents telemetry,
    TimeProvider time
)
{
    /// <summary>
    /// Posts that a search reads through for each that it counts beyond the one. Reading through 20,000 takes 90 to 290 ms of one core, one word a millisecond:
    /// so one caller takes a seventh of a core at most.
    /// </summary>
    public const int PostsPerSearch = 1_000;

    /// <summary>Until whoever made costly searches at the same time is let in again.</summary>
    private const int MostSeconds = 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly IRateLimit _reads = limits.Open(
        new("reads", options.Value.ReadsPerMinute, Minute)
    );

    private readonly IRateLimit _writes = limits.Open(
        new("writes", options.Value.WritesPerMinute, Minute)
    );

    private readonly IRateLimit _searches = limits.Open(
        new(
            "searches",
            options.Value.SearchesPerSecond,
            TimeSpan.FromSeconds(1),
            MostWindows: MostSeconds
        )
    );

    private readonly IRateLimit _bodies = limits.Open(
        new("bodies", options.Value.BodiesPerMinuteAndAddress, Minute)
    );

    /// <summary>Asked first of every request, of which nothing is known yet but where it comes from.</summary>
    public ValueTask<Problem?> RefuseAddressAsync(HttpContext context, RouteDoc route)
    {
        if (route.Limit is RouteLimit.None or null)
        {
            return default;
        }

        if (route.Auth == AuthKind.None)
        {
            return service.IsTrusted(context)
                ? default
                : RefuseAsync(route.Limit.Value, context, null);
        }

        return
            HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? default
            : TakeAsync(
                _bodies,
                "bodies",
                AddressOf(context),
                "requests from one address",
                context
            );
    }

    /// <summary>Asked once it is known whose request it is; null for one who sent no token, or none that is valid.</summary>
    public ValueTask<Problem?> RefuseCallerAsync(HttpContext context, AccountId? account)
    {
        var route = context.GetEndpoint()?.Metadata.GetMetadata<RouteDoc>();
        return RefuseAsync(route?.Limit ?? RouteLimit.Reads, context, account);
    }

    /// <summary>Asked of each message of a connection that stays: it counts as a read.</summary>
    public async ValueTask<Problem?> RefuseMessageAsync(
        AccountId account,
        CancellationToken token
    ) =>
        await _reads.TakeAsync(RateKey.OfAccount(account), token) is { } wait
            ? Problem.TooMany("Too many messages; send fewer.", wait)
            : null;

    /// <summary>Told of a search that was let in, once it is known how much it was.</summary>
    public async ValueTask CountSearchAsync(HttpContext context, AccountId? account, int postsRead)
    {
        var more = postsRead / PostsPerSearch;
        if (more == 0)
        {
            return;
        }

        var key = KeyOf(context, account);
        await _searches.ChargeAsync(key, more, context.RequestAborted);
        TellBrowsers(_searches, key, context);
    }

    private ValueTask<Problem?> RefuseAsync(
        RouteLimit limit,
        HttpContext context,
        AccountId? account
    ) =>
        limit switch
        {
            RouteLimit.None => default,
            RouteLimit.Reads => TakeAsync(
                _reads,
                "reads",
                KeyOf(context, account),
                "reads",
                context
            ),
            RouteLimit.Searches => TakeAsync(
                _searches,
                "searches",
                KeyOf(context, account),
                "searches",
                context
            ),
            RouteLimit.SignUps => accounts.RefuseSignUpAsync(
                context.Connection.RemoteIpAddress,
                context.RequestAborted
            ),
            RouteLimit.LogIns => accounts.RefuseLogInAsync(
                context.Connection.RemoteIpAddress,
                context.RequestAborted
            ),
            RouteLimit.Mails => accounts.RefuseMailAsync(
                account,
                context.Connection.RemoteIpAddress,
                context.RequestAborted
            ),
            RouteLimit.Passwords when account is { } known => accounts.RefusePasswordAsync(
                known,
                context.RequestAborted
            ),
            _ => TakeAsync(_writes, "writes", KeyOf(context, account), "writes", context),
        };

    private static RateKey KeyOf(HttpContext context, AccountId? account) =>
        account is { } known ? RateKey.OfAccount(known) : AddressOf(context);

    private static RateKey AddressOf(HttpContext context) =>
        ClientAddress.KeyOf(context.Connection.RemoteIpAddress);

    private async ValueTask<Problem?> TakeAsync(
        IRateLimit limit,
        string name,
        RateKey key,
        string what,
        HttpContext context
    )
    {
        var retryAfter = await limit.TakeAsync(key, context.RequestAborted);
        TellBrowsers(limit, key, context);
        if (retryAfter is not { } wait)
        {
            return null;
        }

        telemetry.LimitRefused(name);
        return Problem.TooMany($"Too many {what}; come back when Retry-After says.", wait);
    }

    private void TellBrowsers(IRateLimit limit, RateKey key, HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteDoc>() is { IsForBrowsers: true })
        {
            Tell(limit.LeftOf(key), context.Response.Headers);
        }
    }

    /// <summary>As Mastodon's clients read it: the last one is a moment, not seconds.</summary>
    private void Tell(RateLeft? left, IHeaderDictionary headers)
    {
        if (left is not { } limit)
        {
            return;
        }

        headers["X-RateLimit-Limit"] = limit.Permits.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = limit.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = (time.GetUtcNow() + limit.FullIn).ToString(
            "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
            CultureInfo.InvariantCulture
        );
    }
}
