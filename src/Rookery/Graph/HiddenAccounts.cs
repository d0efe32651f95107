namespace Rookery.Graph;

/// <summary>
/// Whose posts a viewer must not be shown: blocks hide both ways, mutes one way and until they end. Immutable; a change makes a new one.
/// </summary>
public sealed class HiddenAccounts
{
    public static readonly HiddenAccounts None = new([], [], []);

    private readonly long[] _blocking;
    private readonly long[] _blockedBy;
    private readonly long[] _muted;
    private readonly long[] _mutedUntil;

    /// <param name="blocking">Accounts that the viewer blocks.</param>
    /// <param name="blockedBy">Accounts that block the viewer.</param>
    /// <param name="muted">Muted accounts with the end in milliseconds since 1970; 0 has no end.</param>
    public HiddenAccounts(
        IEnumerable<AccountId> blocking,
        IEnumerable<AccountId> blockedBy,
        IEnumerable<(AccountId Account, long Until)> muted
    )
    {
        _blocking = [.. blocking.Select(id => id.Value).Order()];
        _blockedBy = [.. blockedBy.Select(id => id.Value).Order()];
        var mutes = muted.OrderBy(mute => mute.Account).ToList();
        _muted = [.. mutes.Select(mute => mute.Account.Value)];
        _mutedUntil = [.. mutes.Select(mute => mute.Until)];
    }

    private HiddenAccounts(long[] blocking, long[] blockedBy, long[] muted, long[] mutedUntil)
    {
        (_blocking, _blockedBy, _muted, _mutedUntil) = (blocking, blockedBy, muted, mutedUntil);
    }

    public bool IsEmpty => _blocking.Length + _blockedBy.Length + _muted.Length == 0;

    /// <summary>What it takes of the heap, near enough for a bound: the object and four arrays with their headers.</summary>
    internal long Bytes =>
        IsEmpty ? 0 : 160 + (8L * (_blocking.Length + _blockedBy.Length + (2 * _muted.Length)));

    public bool Blocks(AccountId account) =>
        Contains(_blocking, account.Value) || Contains(_blockedBy, account.Value);

    /// <summary>What holds on home and in search.</summary>
    public bool Hides(AccountId account, DateTimeOffset now) =>
        Blocks(account) || Mutes(account, now);

    public bool Mutes(AccountId account, DateTimeOffset now)
    {
        var at = Array.BinarySearch(_muted, account.Value);
        return at >= 0 && (_mutedUntil[at] == 0 || _mutedUntil[at] > now.ToUnixTimeMilliseconds());
    }

    internal HiddenAccounts With(in RelationChange change)
    {
        var (other, until) = (change.Other.Value, change.Until);
        var changed = change.Kind switch
        {
            RelationChangeKind.Block => Blocking(Added(_blocking, other)),
            RelationChangeKind.Unblock => Blocking(Removed(_blocking, other)),
            RelationChangeKind.BlockedBy => BlockedBy(Added(_blockedBy, other)),
            RelationChangeKind.UnblockedBy => BlockedBy(Removed(_blockedBy, other)),
            RelationChangeKind.Mute => Unmuting(other).Muting(other, until),
            RelationChangeKind.Unmute => Unmuting(other),
            _ => this,
        };
        return changed.IsEmpty ? None : changed;
    }

    private HiddenAccounts Blocking(long[] blocking) =>
        new(blocking, _blockedBy, _muted, _mutedUntil);

    private HiddenAccounts BlockedBy(long[] blockedBy) =>
        new(_blocking, blockedBy, _muted, _mutedUntil);

    private HiddenAccounts Muting(long account, long until)
    {
        var at = ~Array.BinarySearch(_muted, account);
        return new(
            _blocking,
            _blockedBy,
            [.. _muted[..at], account, .. _muted[at..]],
            [.. _mutedUntil[..at], until, .. _mutedUntil[at..]]
        );
    }

    private HiddenAccounts Unmuting(long account)
    {
        var at = Array.BinarySearch(_muted, account);
        return at < 0
            ? this
            : new(
                _blocking,
                _blockedBy,
                [.. _muted[..at], .. _muted[(at + 1)..]],
                [.. _mutedUntil[..at], .. _mutedUntil[(at + 1)..]]
            );
    }

    private static bool Contains(long[] sorted, long value) =>
        Array.BinarySearch(sorted, value) >= 0;

    private static long[] Added(long[] sorted, long value)
    {
        var at = ~Array.BinarySearch(sorted, value);
        return at < 0 ? sorted : [.. sorted[..at], value, .. sorted[at..]];
    }

    private static long[] Removed(long[] sorted, long value)
    {
        var at = Array.BinarySearch(sorted, value);
        return at < 0 ? sorted : [.. sorted[..at], .. sorted[(at + 1)..]];
    }
}
