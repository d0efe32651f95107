namespace Rookery.Mail;

/// <summary>What became of a mail; stands on the disk.</summary>
public enum MailState
{
    Waiting = 0,
    Sent = 1,

    /// <summary>Nobody gets it. An operator may want to know why.</summary>
    GivenUp = 2,

    /// <summary>There was nothing to say any more when it was due, or its owner wants none of its kind.</summary>
    Dropped = 3,
}

/// <summary>Which kinds an account does not want, and what the links that say so are signed with.</summary>
public sealed record MailChoices(IReadOnlySet<string> Unwanted, ReadOnlyMemory<byte> Secret);

/// <summary>
/// The queue of mails, and who wants which.
/// <para>Durability: what a write answered is on the disk. A write that fails leaves nothing behind.</para>
/// <para>Claims: of processes that claim at the same time each gets other mails. A claim that nobody ends lapses, and the mail is due again.</para>
/// <para>Secrecy: of a mail that is over its parameters are erased; with an account everything of its mails is.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface IMailStore
{
    /// <summary>The same key again is not an order.</summary>
    Task AddAsync(MailOrder order, CancellationToken token);

    /// <summary>Whether a claim would get any; may be wrong for a moment.</summary>
    ValueTask<bool> AreDueAsync(DateTimeOffset now, CancellationToken token);

    /// <summary>Those that were tried least, of these those that are due the longest, which nobody else gets within <paramref name="lease"/>.</summary>
    Task<IReadOnlyList<DueMail>> ClaimAsync(int limit, TimeSpan lease, CancellationToken token);

    /// <summary>It is over. One that was sent is, whoever has claimed it meanwhile; otherwise nothing is changed where somebody has.</summary>
    Task EndAsync(DueMail mail, MailState state, string reason, CancellationToken token);

    /// <summary>It is due again after <paramref name="wait"/>, at the latest when its time is over. Nothing is changed where somebody else has claimed it.</summary>
    Task PutOffAsync(DueMail mail, TimeSpan wait, string reason, CancellationToken token);

    /// <summary>Removes up to <paramref name="limit"/> that are over; those that were given up are kept longer.</summary>
    Task<int> PruneAsync(
        DateTimeOffset endedBefore,
        DateTimeOffset givenUpBefore,
        int limit,
        CancellationToken token
    );

    /// <summary>Null where there is no mail of this key.</summary>
    ValueTask<MailState?> StateAsync(string key, CancellationToken token);

    ValueTask<MailBacklog> BacklogAsync(CancellationToken token);

    /// <summary>Null where nothing was said and no link was signed.</summary>
    ValueTask<MailChoices?> ChoicesAsync(AccountId account, CancellationToken token);

    /// <summary>The same, with a secret drawn where there is none yet.</summary>
    Task<MailChoices> SignAsync(AccountId account, CancellationToken token);

    Task WantAsync(AccountId account, string kind, bool isWanted, CancellationToken token);
}
