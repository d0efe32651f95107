namespace Rookery.Accounts;

/// <summary>
/// A number per account that grows with every change of something about it, so that what was read of it can be kept for as long as its number
/// stays. A read that was under way during a change is told so: otherwise it would keep for ever what the change replaced.
/// </summary>
internal sealed class AccountVersions(AccountOrdinals ordinals)
{
    private readonly Lock _writing = new();
    private int[] _versions = new int[1024];
    private int _allChanged;
    private long _changes;

    /// <summary>The number of an account's ordinal. It only ever grows.</summary>
    public int Of(int ordinal)
    {
        // All before one: a change of all that happens in between is then seen as a change of this one at the next look.
        var all = Volatile.Read(ref _allChanged);
        var versions = Volatile.Read(ref _versions);
        return all + (ordinal < versions.Length ? Volatile.Read(ref versions[ordinal]) : 0);
    }

    /// <summary>Call before the read; hand the answer to <see cref="IsUnchanged"/> after it.</summary>
    public long BeginRead() => Interlocked.Read(ref _changes);

    /// <summary>
    /// After a read: the account's ordinal and number to keep the answer with; false where something changed since
    /// <paramref name="begun"/>, then the answer may be shown but not kept.
    /// </summary>
    public bool IsUnchanged(long begun, AccountId account, out int ordinal, out int version)
    {
        ordinal = ordinals.GetOrAdd(account);
        version = Of(ordinal);
        // A change counts itself before it looks for the ordinal, and here it is the other way round: one of the two is seen.
        Interlocked.MemoryBarrier();
        return Interlocked.Read(ref _changes) == begun;
    }

    public void Changed(AccountId account)
    {
        Interlocked.Increment(ref _changes);
        if (!ordinals.TryGet(account, out var ordinal))
        {
            return;
        }

        lock (_writing)
        {
            var versions = _versions;
            if (ordinal >= versions.Length)
            {
                Array.Resize(ref versions, Math.Max(ordinal + 1, versions.Length * 2));
                Volatile.Write(ref _versions, versions);
            }

            Volatile.Write(ref versions[ordinal], versions[ordinal] + 1);
        }
    }

    public void AllChanged()
    {
        Interlocked.Increment(ref _changes);
        Interlocked.Increment(ref _allChanged);
    }
}
