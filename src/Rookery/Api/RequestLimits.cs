using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Rookery.Api;

/// <summary>Bounds on how often one caller may ask. Callers with the service key are free of them.</summary>
public sealed class RequestLimitsOptions
{
    public const string Section = "Limits";

    /// <summary>
    /// Requests per minute of one account, or of one address without a token; 0 sets no bound. The default stops a program that runs wild,
    /// not a busy client: it is about what one core can answer.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int RequestsPerMinute { get; set; } = 3_000_000;
}

/// <summary>Counts requests per account, or per address where there is no account.</summary>
internal sealed class RequestLimits(IOptions<RequestLimitsOptions> options, TimeProvider time)
{
    private readonly RateLimiter _limiter = new(
        time,
        options.Value.RequestsPerMinute,
        TimeSpan.FromMinutes(1)
    );

    public Problem? Refuse(HttpContext context, AccountId? account)
    {
        var key = account is { } id
            ? RateKey.OfAccount(id)
            : ClientAddress.KeyOf(context.Connection.RemoteIpAddress);
        return _limiter.TryTake(key, out var retryAfter)
            ? null
            : Problem.TooMany(
                $"At most {options.Value.RequestsPerMinute} requests a minute are answered; come back when Retry-After says.",
                retryAfter
            );
    }
}
