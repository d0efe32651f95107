namespace Rookery.Accounts;

/// <summary>Shows a suspended account and all that it posted again. Its sessions stay ended: who can log in does so.</summary>
internal sealed class LiftSuspension(IModerationStore store, IEnumerable<IAccountSuspending> others)
{
    private readonly IAccountSuspending[] _others = [.. others];

    public async Task<Result<Standing>> HandleAsync(
        AccountId account,
        Decision decision,
        CancellationToken token
    )
    {
        if (decision.Check("reason") is { } wrong)
        {
            return wrong;
        }

        var standing = await store.RestoreAsync(account, decision, token);
        return standing.Succeeded
            ? await _others.TellAsync(account, standing.Value)
            : standing.Problem;
    }
}

internal static class Tellings
{
    /// <summary>It is so by now: a client that hangs up must not keep the others from knowing.</summary>
    public static async Task<Standing> TellAsync(
        this IAccountSuspending[] others,
        AccountId account,
        Standing standing
    )
    {
        foreach (var other in others)
        {
            await other.ApplyAsync(
                account,
                standing.IsSuspended,
                standing.Version,
                CancellationToken.None
            );
        }

        return standing;
    }
}
