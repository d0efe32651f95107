using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>One account no longer sees another on home, in search and in notifications, for a while or for good.</summary>
internal sealed class MuteAccount(IGraphStore store, IAccounts accounts, TimeProvider time)
{
    /// <summary>Ten years of 365 days: who wants longer wants it for good.</summary>
    public const long LongestSeconds = 10L * 365 * 24 * 60 * 60;

    /// <param name="seconds">How long; null or 0: for good. Muting again sets a new end.</param>
    public async Task<Result<Done>> HandleAsync(
        AccountId muter,
        AccountId target,
        long? seconds,
        CancellationToken token
    )
    {
        if (muter == target)
        {
            return Problem.Invalid("user_id", "Nobody can mute themselves; name another account.");
        }

        if (seconds is < 0 or > LongestSeconds)
        {
            return Problem.Invalid(
                "duration",
                $"A mute lasts 1 to {LongestSeconds} seconds; leave duration out, or give 0, to mute for good."
            );
        }

        if (await accounts.FindMissingAsync([(target, "user_id")], token) is { } missing)
        {
            return missing;
        }

        var muted = await store.MuteAsync(muter, target, EndAfter(seconds ?? 0), token);
        return muted.Succeeded ? Done.Instance : muted.Problem;
    }

    private long EndAfter(long seconds) =>
        seconds == 0 ? 0 : time.GetUtcNow().AddSeconds(seconds).ToUnixTimeMilliseconds();
}
