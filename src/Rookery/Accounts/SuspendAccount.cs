namespace Rookery.Accounts;

/// <summary>
/// Hides an account and all that it posted until <see cref="LiftSuspension"/>, and ends its sessions. What accounts says comes first and is the truth; then the
/// other capabilities hide what is theirs, so that nothing of the account shows after the answer.
/// </summary>
internal sealed class SuspendAccount(IModerationStore store, IEnumerable<IAccountSuspending> others)
{
    private readonly IAccountSuspending[] _others = [.. others];

    /// <summary>Suspending who is suspended is fine, and hides again what a crash left on show.</summary>
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

        var standing = await store.SuspendAsync(account, decision, token);
        return standing.Succeeded
            ? await _others.TellAsync(account, standing.Value)
            : standing.Problem;
    }
}
