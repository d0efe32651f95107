using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Sharing;

/// <summary>What a shared value can depend on.</summary>
internal enum Changing : byte
{
    /// <summary>A post: whether it stands, and its numbers.</summary>
    Post = 1,

    /// <summary>Whether an author's posts may be shown.</summary>
    Author = 2,

    /// <summary>An account's card: whether the account is there, its profile and its numbers.</summary>
    Card = 3,
}

/// <summary>
/// The last event that changed each thing a shared value can depend on, of all events that this process knows: so it can tell whether a value that
/// was read when everything up to some event was known is still right. Things share places in a table of fixed size, so a value may be taken for outdated
/// that is not, and never the other way round.
/// <para>
/// It knows all events behind <c>from</c>: those that it was told of, and those that were there before it and were read from the outbox
/// (<see cref="ReadPastChanges"/>). Of values that are older than that it cannot tell.
/// </para>
/// </summary>
internal sealed class ChangesSeen : ICommitObserver
{
    /// <summary>16 MB. Behind 200,000 changes nine of ten things that did not change are still known not to have.</summary>
    private const int UsualBits = 21;

    /// <summary>Nothing is known.</summary>
    private const long Never = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly long[] _last;
    private readonly int _bits;
    private long _from = Never;
    private long _through;
    private long _told;
    private int _era;

    /// <param name="isUsed">Where nothing is shared, there is nothing to tell apart.</param>
    public ChangesSeen(bool isUsed, int bits = UsualBits) =>
        (_last, _bits) = (isUsed ? new long[1 << bits] : [], bits);

    /// <summary>Every event up to here is known, so what is read from truth from now on contains it. Null: not yet.</summary>
    public long? Through => Volatile.Read(ref _from) == Never ? null : Volatile.Read(ref _through);

    /// <summary>Counts how often everything was forgotten.</summary>
    public int Era => Volatile.Read(ref _era);

    /// <summary>Whether all that changed behind <paramref name="asOf"/> is known.</summary>
    public bool Covers(long asOf) =>
        Volatile.Read(ref _from) <= asOf && asOf <= Volatile.Read(ref _through);

    /// <summary>Whether it may have changed behind <paramref name="asOf"/>, which is covered.</summary>
    public bool ChangedSince(long asOf, Changing what, long id) =>
        Volatile.Read(ref _last[PlaceOf(what, id)]) > asOf;

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        if (_last.Length == 0 || group.Count == 0)
        {
            return;
        }

        Note(group);
        lock (_lock)
        {
            _told = group[^1].Sequence;
            if (_from != Never)
            {
                Volatile.Write(ref _through, Math.Max(_through, _told));
            }
        }
    }

    public void Forget()
    {
        lock (_lock)
        {
            Volatile.Write(ref _from, Never);
            Volatile.Write(ref _through, 0);
            _told = 0;
            _era++;
        }
    }

    /// <summary>Events of the past: <see cref="Knows"/> says afterwards that they are all there are.</summary>
    public void Note(IReadOnlyList<Committed> events)
    {
        foreach (var (sequence, happened) in events)
        {
            Note(sequence, happened);
        }
    }

    /// <summary>
    /// All events behind <paramref name="after"/> and up to <paramref name="through"/> were noted, and this was told of all later ones. False where
    /// everything was forgotten since <paramref name="era"/>.
    /// </summary>
    public bool Knows(long after, long through, int era)
    {
        lock (_lock)
        {
            if (era != _era)
            {
                return false;
            }

            Volatile.Write(ref _through, Math.Max(_through, Math.Max(through, _told)));
            Volatile.Write(ref _from, Math.Min(_from, after));
            return true;
        }
    }

    private void Note(long sequence, DomainEvent happened)
    {
        switch (happened)
        {
            case PostDeleted deleted:
                Note(sequence, Changing.Post, deleted.Post.Value);
                break;
            case PostsCounted counted:
                foreach (var (post, _) in counted.Numbers)
                {
                    Note(sequence, Changing.Post, post.Value);
                }

                break;
            case AuthorClosed closed:
                Note(sequence, Changing.Author, closed.Author.Value);
                break;
            case AuthorSuspended suspended:
                Note(sequence, Changing.Author, suspended.Author.Value);
                break;
            case AuthorRestored restored:
                Note(sequence, Changing.Author, restored.Author.Value);
                break;
            case ProfileChanged changed:
                Note(sequence, Changing.Card, changed.Account.Value);
                break;
            case AccountDeleted deleted:
                Note(sequence, Changing.Card, deleted.Account.Value);
                break;
            case AccountSuspended suspended:
                Note(sequence, Changing.Card, suspended.Account.Value);
                break;
            case AccountRestored restored:
                Note(sequence, Changing.Card, restored.Account.Value);
                break;
            case AccountsCounted counted:
                foreach (var account in counted.Accounts)
                {
                    Note(sequence, Changing.Card, account.Value);
                }

                break;
        }
    }

    private void Note(long sequence, Changing what, long id)
    {
        ref var last = ref _last[PlaceOf(what, id)];
        // Told and read from the outbox at the same time.
        for (var held = Volatile.Read(ref last); held < sequence; )
        {
            var found = Interlocked.CompareExchange(ref last, sequence, held);
            if (found == held)
            {
                return;
            }

            held = found;
        }
    }

    // The upper bits of a product with the golden ratio: ids differ little in their lower ones.
    private int PlaceOf(Changing what, long id) =>
        (int)((((ulong)id ^ ((ulong)what << 60)) * 0x9E37_79B9_7F4A_7C15) >> (64 - _bits));
}
