using System.Collections.Concurrent;
using Rookery.Mail;

namespace Rookery.TestKit;

/// <summary>Takes every mail, or what a test says of it.</summary>
internal sealed class MailBox : IMailSender
{
    private readonly ConcurrentQueue<OutgoingMail> _mails = new();

    /// <summary>What was sent, or tried, in order.</summary>
    public IReadOnlyList<OutgoingMail> Mails => [.. _mails];

    public Func<OutgoingMail, MailOutcome> Answer { get; set; } =
        _ => new MailOutcome(MailFate.Sent);

    public Task<MailOutcome> SendAsync(OutgoingMail mail, CancellationToken token)
    {
        _mails.Enqueue(mail);
        return Task.FromResult(Answer(mail));
    }
}
