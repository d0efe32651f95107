namespace Rookery.Mail;

/// <summary>A mail that somebody is to get: what it is about, and not what it says. It is written when it is sent.</summary>
/// <param name="Key">Names it among all mails; made of what it is about, where that may be told of twice.</param>
/// <param name="Kind">Which <see cref="IMailWriter"/> writes it. Stands on the disk.</param>
/// <param name="Account">Whose mail it is; 0 where that is found out when it is written.</param>
/// <param name="Parameters">What its writer needs to know. Nothing secret: they stand on the disk until the mail is sent.</param>
/// <param name="Lasts">What is not sent by then is not sent any more.</param>
public sealed record MailOrder(
    string Key,
    string Kind,
    AccountId Account,
    IReadOnlyDictionary<string, string> Parameters,
    TimeSpan Lasts
);

/// <summary>How the queue of mails is.</summary>
/// <param name="OldestFrom">When the oldest that waits was queued; null where none does.</param>
/// <param name="GivenUp">Mails of the last thirty days that nobody got.</param>
/// <param name="LastError">Why the oldest that waits was not sent when it was tried; empty where none was.</param>
/// <param name="LastRefusal">The same of the last one that was given up.</param>
public sealed record MailBacklog(
    long Waiting,
    DateTimeOffset? OldestFrom,
    long GivenUp,
    string LastError,
    string LastRefusal
)
{
    /// <summary>There is one that takes mails; otherwise they are files.</summary>
    public bool HasServer { get; init; }
}

/// <summary>
/// The door of mails: others order them, and say which kinds an account gets.
/// <para>Durability: an order stands on the disk when it is answered, and is sent however often the process ends meanwhile.</para>
/// <para>Idempotence: the same key again orders nothing. A key is remembered for longer than an event is told again.</para>
/// <para>Loss: a mail comes twice, with the same Message-ID, only where the process ended between sending it and noting that; none comes that was given up.</para>
/// </summary>
public interface IMails
{
    Task OrderAsync(MailOrder order, CancellationToken token);

    /// <summary>How the mail of this key is; null where there is none, or it has been over for days.</summary>
    ValueTask<MailState?> StateAsync(string key, CancellationToken token);

    ValueTask<MailBacklog> BacklogAsync(CancellationToken token);

    /// <summary>Where a place of the site is for who is not on it: it begins with what the settings say, never with what a request was sent to.</summary>
    /// <param name="path">From the site's root on.</param>
    string LinkTo(string path);

    /// <summary>The kinds that the account does not want.</summary>
    ValueTask<IReadOnlySet<string>> UnwantedAsync(AccountId account, CancellationToken token);

    /// <summary>Says whether the account gets mails of this kind, if it is one that may be unwanted.</summary>
    Task WantAsync(AccountId account, string kind, bool isWanted, CancellationToken token);
}
