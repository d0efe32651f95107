namespace Rookery.Kernel;

/// <summary>The leases of several databases as one: it is held while all are.</summary>
public sealed class CommitLeases(IEnumerable<ICommitLease> all) : ICommitLease
{
    /// <summary>An array: every request asks, and going over the interface would allocate.</summary>
    private readonly ICommitLease[] _all = [.. all];

    public bool IsHeld
    {
        get
        {
            foreach (var lease in _all)
            {
                if (!lease.IsHeld)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public TimeSpan Lapsed
    {
        get
        {
            var longest = TimeSpan.Zero;
            foreach (var lease in _all)
            {
                longest = lease.Lapsed is var lapsed && lapsed > longest ? lapsed : longest;
            }

            return longest;
        }
    }

    /// <summary>Of all databases.</summary>
    public bool IsFirst => _all.All(lease => lease.IsFirst);

    /// <summary>Asks all at the same time.</summary>
    public async ValueTask<bool> RenewAsync(CancellationToken token)
    {
        var renewed = await Task.WhenAll(_all.Select(lease => lease.RenewAsync(token).AsTask()));
        return Array.TrueForAll(renewed, one => one);
    }
}
