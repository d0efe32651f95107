namespace Rookery.Kernel;

/// <summary>The leases of several databases as one: it is held while all are.</summary>
public sealed class CommitLeases(IReadOnlyList<ICommitLease> all) : ICommitLease
{
    public bool IsHeld
    {
        get
        {
            foreach (var lease in all)
            {
                if (!lease.IsHeld)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public TimeSpan Lapsed => all.Max(lease => lease.Lapsed);

    /// <summary>Of all databases.</summary>
    public bool IsFirst => all.All(lease => lease.IsFirst);

    /// <summary>Asks all at the same time.</summary>
    public async ValueTask<bool> RenewAsync(CancellationToken token)
    {
        var renewed = await Task.WhenAll(all.Select(lease => lease.RenewAsync(token).AsTask()));
        return Array.TrueForAll(renewed, one => one);
    }
}
