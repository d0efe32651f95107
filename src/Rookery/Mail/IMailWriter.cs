namespace Rookery.Mail;

/// <summary>A mail that is to be sent now.</summary>
public sealed record DueMail(
    string Key,
    string Kind,
    AccountId Account,
    IReadOnlyDictionary<string, string> Parameters,
    DateTimeOffset QueuedAt,
    DateTimeOffset Until,
    int Attempt,
    string LastError
)
{
    /// <summary>Empty where it was not said.</summary>
    public string this[string parameter] => Parameters.GetValueOrDefault(parameter, "");
}

/// <summary>Something to be done about a mail: a place of the site.</summary>
/// <param name="Path">From the site's root on.</param>
public sealed record MailAction(string Label, string Path);

/// <summary>One of the things that a mail tells of.</summary>
/// <param name="Quote">What somebody else wrote, one line; empty where there is nothing.</param>
/// <param name="Path">Where it is to be seen, from the site's root on.</param>
public sealed record MailItem(string Text, string Quote, string Path);

/// <summary>What a mail says, in plain text: how it looks is decided elsewhere, and whatever stands here is shown as text.</summary>
/// <param name="Address">Who gets it. One that mail may arrive at.</param>
/// <param name="Name">What its owner is called in it.</param>
/// <param name="Words">Of the language that it is in.</param>
public sealed record WrittenMail(
    string Address,
    string Name,
    MailWords Words,
    string Subject,
    IReadOnlyList<string> Before,
    IReadOnlyList<MailAction> Actions,
    IReadOnlyList<string> After
)
{
    /// <summary>It says how one gets no more of its kind.</summary>
    public bool MayBeUnwanted { get; init; }

    /// <summary>What it tells of, behind <see cref="Before"/>.</summary>
    public IReadOnlyList<MailItem> Items { get; init; } = [];
}

/// <summary>
/// Writes the mails of some kinds, each when it is sent: what it says is so then. It may be asked again for one that it has written before: where that one
/// arrived and where not, nobody knows, so the links of both must work.
/// </summary>
public interface IMailWriter
{
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Until when it is not to be sent; null where it is now.</summary>
    ValueTask<DateTimeOffset?> HeldUntilAsync(DueMail mail, CancellationToken token) =>
        ValueTask.FromResult<DateTimeOffset?>(null);

    /// <summary>Null where there is nothing to say any more.</summary>
    ValueTask<WrittenMail?> WriteAsync(DueMail mail, CancellationToken token);

    /// <summary>
    /// What became of one, before that is noted: at least once where it is over, and <see cref="MailState.Waiting"/> where it was surely not taken and is sent again. Where nobody knows
    /// whether it was taken, nothing is said.
    /// </summary>
    ValueTask SettleAsync(DueMail mail, MailState state, CancellationToken token) =>
        ValueTask.CompletedTask;
}
