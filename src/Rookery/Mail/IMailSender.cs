namespace Rookery.Mail;

/// <summary>A mail as it is sent.</summary>
/// <param name="MessageId">Without its angle brackets. The same whenever the same mail is sent again, so that mailboxes keep one.</param>
/// <param name="UnsubscribeUrl">Where a POST ends mails of its kind; null for mails that nobody may be without.</param>
public sealed record OutgoingMail(
    string MessageId,
    string Address,
    string Name,
    string Subject,
    string Text,
    string Html,
    string Language,
    DateTimeOffset QueuedAt,
    string? UnsubscribeUrl = null
);

public enum MailFate
{
    /// <summary>It is somebody else's to deliver.</summary>
    Sent,

    /// <summary>It will not be taken, however often it is sent.</summary>
    Refused,

    /// <summary>It was not taken now.</summary>
    PutOff,

    /// <summary>No mail is taken now.</summary>
    Unreachable,
}

/// <param name="Reason">Why it was not sent, for operators.</param>
public readonly record struct MailOutcome(MailFate Fate, string Reason = "")
{
    /// <summary>It was broken off, and the server may have taken it for all that is known.</summary>
    public bool MayHaveArrived { get; init; }
}

/// <summary>
/// Hands mails on.
/// <para>Durability: what is sent is in other hands, or on the disk.</para>
/// <para>Injection: nothing in a name, an address or a subject becomes a header or a line of its own.</para>
/// <para>Time: it answers within the time that the settings give it.</para>
/// What keeps a mail from being sent is an outcome and no fault.
/// </summary>
public interface IMailSender
{
    Task<MailOutcome> SendAsync(OutgoingMail mail, CancellationToken token);
}
