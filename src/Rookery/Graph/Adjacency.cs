using Microsoft.Extensions.Options;

namespace Rookery.Graph;

/// <summary>
/// Whom each recent viewer follows, as ordinals in native memory, and whom it must not be shown. Current by the time a write is
/// answered: the commit thread changes it in place. What does not fit gives way to what was read more recently, and is read again from SQL.
/// Locks are taken in this order: the clock's hand, one stripe, the blocks.
/// </summary>
internal sealed class Adjacency(AccountOrdinals ordinals, IOptions<GraphOptions> options)
    : ICommitObserver,
        IDisposable
{
    private readonly ViewerTable _held = new(ordinals, options.Value.AdjacencyBytes);

    /// <summary>What counts against the bound.</summary>
    public long Bytes => _held.Bytes;

    /// <summary>See <see cref="IGraph.CopyFollowees"/>.</summary>
    public int CopyFollowees(AccountId viewer, ref int[] followees)
    {
        if (!ordinals.TryGet(viewer, out var ordinal))
        {
            return -1;
        }

        int count;
        while ((count = TryCopy(ordinal, followees)) > followees.Length)
        {
            followees = new int[Math.Max(count, followees.Length * 2)];
        }

        return count;
    }

    /// <summary>See <see cref="IGraph.HiddenFrom"/>.</summary>
    public HiddenAccounts? HiddenFrom(AccountId viewer)
    {
        if (!ordinals.TryGet(viewer, out var ordinal))
        {
            return null;
        }

#if SEEDED_BUGS
        ordinal = SeededBugs.Is("hidden-set-without-viewer") && _held.Holds(0) ? 0 : ordinal;
#endif
        lock (_held.StripeOf(ordinal).Gate)
        {
            return _held.Holds(ordinal) ? _held.HiddenFrom(ordinal) : null;
        }
    }

    /// <summary>Null where the viewer is in memory. Who is told <paramref name="mine"/> reads it from SQL, others wait.</summary>
    public ViewerLoading? Register(AccountId viewer, out bool mine)
    {
        var ordinal = ordinals.GetOrAdd(viewer);
        var stripe = _held.StripeOf(ordinal);
        lock (stripe.Gate)
        {
            ObjectDisposedException.ThrowIf(_held.IsDisposed, this);
            mine = false;
            if (_held.Holds(ordinal))
            {
                return null;
            }

            if (!stripe.Loading.TryGetValue(ordinal, out var loading))
            {
                mine = true;
                loading = new ViewerLoading();
                stripe.Loading.Add(ordinal, loading);
            }

            return loading;
        }
    }

    /// <summary>Keeps what was read, with what was committed meanwhile on top; false where it must be read again.</summary>
    public bool TryInstall(AccountId viewer, ViewerLoading loading, ViewerRelations relations)
    {
        var ordinal = ordinals.GetOrAdd(viewer);
        var followees = relations.Followees.Select(ordinals.GetOrAdd).ToArray();
        var block = _held.TakeBlock(followees.Length);
        var stripe = _held.StripeOf(ordinal);
        lock (stripe.Gate)
        {
            ObjectDisposedException.ThrowIf(_held.IsDisposed, this);
            if (loading.IsStale)
            {
                loading.StartOver();
                _held.ReturnBlock(block);
                return false;
            }

            stripe.Loading.Remove(ordinal);
            _held.Put(ordinal, block, followees, relations.Hidden);
            loading.Changes.ForEach(change => ChangeHeld(ordinal, change));
        }

        loading.Succeed();
        return true;
    }

    /// <summary>Nothing is left of a load that failed.</summary>
    public void Abandon(AccountId viewer, ViewerLoading loading, Exception fault)
    {
        var ordinal = ordinals.GetOrAdd(viewer);
        var stripe = _held.StripeOf(ordinal);
        lock (stripe.Gate)
        {
            stripe.Loading.Remove(ordinal);
        }

        loading.Fail(fault);
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        foreach (var committed in group)
        {
            Apply(committed.Event);
        }
    }

    public void Forget()
    {
        for (var viewer = 0; viewer < ordinals.Count; viewer++)
        {
            Drop(viewer);
        }
    }

    public void Dispose() => _held.Dispose();

    private int TryCopy(int viewer, int[] followees)
    {
        lock (_held.StripeOf(viewer).Gate)
        {
            if (!_held.Holds(viewer))
            {
                return -1;
            }

            var held = _held.FolloweesOf(viewer);
            held[..Math.Min(held.Length, followees.Length)].CopyTo(followees);
            return held.Length;
        }
    }

    private void Apply(DomainEvent happened)
    {
        switch (happened)
        {
            case Followed(var follower, var followee):
                Change(follower, new(RelationChangeKind.Follow, followee));
                break;
#if SEEDED_BUGS
            case Unfollowed when SeededBugs.Is("unfollow-leaves-adjacency"):
                break;
#endif
            case Unfollowed(var follower, var followee):
                Change(follower, new(RelationChangeKind.Unfollow, followee));
                break;
            case Blocked(var blocker, var target):
                Change(blocker, new(RelationChangeKind.Block, target));
                Change(target, new(RelationChangeKind.BlockedBy, blocker));
                break;
            case Unblocked(var blocker, var target):
                Change(blocker, new(RelationChangeKind.Unblock, target));
                Change(target, new(RelationChangeKind.UnblockedBy, blocker));
                break;
            case Muted(var muter, var target, var until):
                Change(muter, new(RelationChangeKind.Mute, target, until));
                break;
            case Unmuted(var muter, var target):
                Change(muter, new(RelationChangeKind.Unmute, target));
                break;
            case MemberClosed(var account):
                Drop(account);
                break;
            case FollowsImported(var followers):
                foreach (var follower in followers)
                {
                    Drop(follower);
                }

                break;
        }
    }

    private void Change(AccountId account, RelationChange change)
    {
        // One without an ordinal is not held, and was not registered before this commit: a later load reads it.
        if (!ordinals.TryGet(account, out var viewer))
        {
            return;
        }

        var stripe = _held.StripeOf(viewer);
        lock (stripe.Gate)
        {
            if (stripe.Loading.TryGetValue(viewer, out var loading))
            {
                loading.Changes.Add(change);
            }

            ChangeHeld(viewer, change);
        }
    }

    private void ChangeHeld(int viewer, RelationChange change)
    {
        if (_held.Holds(viewer))
        {
            _held.Change(viewer, change);
        }
    }

    private void Drop(AccountId account)
    {
        if (ordinals.TryGet(account, out var viewer))
        {
            Drop(viewer);
        }
    }

    private void Drop(int viewer)
    {
        var stripe = _held.StripeOf(viewer);
        lock (stripe.Gate)
        {
            if (stripe.Loading.TryGetValue(viewer, out var loading))
            {
                loading.Spoil();
            }

            _held.Drop(viewer);
        }
    }
}
