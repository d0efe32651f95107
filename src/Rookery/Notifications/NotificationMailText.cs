using System.Globalization;
using Rookery.Accounts;
using Rookery.Mail;
using Rookery.Posts;

namespace Rookery.Notifications;

/// <summary>How notifications are told in a mail, in one language. Of posts nothing stands in it but what everybody may read.</summary>
internal sealed class NotificationMailText(MailWords words)
{
    /// <summary>Of a mail that somebody reads to its end.</summary>
    private const int MostThings = 20;

    /// <summary>Characters of a post that are shown.</summary>
    private const int MostQuoted = 140;

    private const string All = "/notifications";

    /// <summary>Where one chooses which mails one gets.</summary>
    public const string Choices = "/settings/notifications";

    public WrittenMail Write(
        Mailbox mailbox,
        NotificationMailForm form,
        IReadOnlyList<ToldThing> told
    )
    {
        var isDigest = form == NotificationMailForm.Digest;
        var left = told.Count - MostThings;
        return new WrittenMail(
            mailbox.Address,
            mailbox.Name,
            words,
            isDigest ? DigestSubject(told) : Subject(told),
            [words.Text(isDigest ? "DigestText" : "NotifiedText")],
            [
                new MailAction(
                    left > 0
                        ? words.Text("NotifiedMore", ("count", Number(left)))
                        : words.Text("NotifiedAll"),
                    All
                ),
                new MailAction(words.Text("NotifiedChoices"), Choices),
            ],
            [words.Text(isDigest ? "DigestOtherwise" : "NotifiedOtherwise")]
        )
        {
            MayBeUnwanted = true,
            Items = [.. told.Take(MostThings).Select(Item)],
        };
    }

    private string Subject(IReadOnlyList<ToldThing> told)
    {
        if (told is [var one])
        {
            return Sentence(one);
        }

        var people = told.SelectMany(thing => thing.Actors).DistinctBy(actor => actor.Id).ToList();
        return words.Text("NotifiedSubject", ("who", Who(people[0], people.Count)));
    }

    private string DigestSubject(IReadOnlyList<ToldThing> told)
    {
        var count = told.Sum(thing => thing.Count);
        return count == 1
            ? words.Text("DigestOneSubject")
            : words.Text("DigestSubject", ("count", Number(count)));
    }

    private MailItem Item(ToldThing told) =>
        new(Sentence(told), told.Post is { } post ? QuoteOf(post) : "", PathOf(told));

    private string Sentence(ToldThing told)
    {
        var who = Who(told.Actors[0], told.Count);
        var isOne = told.Count == 1;
        return told.Kind switch
        {
            NotificationKind.Follow => Say(isOne ? "ToldFollowOne" : "ToldFollowMany"),
            NotificationKind.Mention => Say("ToldMention"),
            NotificationKind.Reply => Say("ToldReply"),
            NotificationKind.Repost => Say(isOne ? "ToldRepostOne" : "ToldRepostMany"),
            NotificationKind.Like => Say(isOne ? "ToldLikeOne" : "ToldLikeMany"),
            NotificationKind.Status => Say("ToldStatus"),
            NotificationKind.FollowRequest => Say(
                isOne ? "ToldFollowRequestOne" : "ToldFollowRequestMany"
            ),
            // A later version's: the page says what it is.
            _ => Say("ToldOther"),
        };

        string Say(string key) => words.Text(key, ("who", who));
    }

    private string Who(AccountCard actor, int count)
    {
        var name = MailWords.Quoted(actor.DisplayName);
        return count switch
        {
            1 => name,
            2 => words.Text("AndOneOther", ("name", name)),
            _ => words.Text("AndOthers", ("name", name), ("count", Number(count - 1))),
        };
    }

    /// <summary>A mail lies in mailboxes that others read, and is passed on: what was not written for everybody stays here.</summary>
    private static string QuoteOf(Post post) =>
        post.Visibility is not (Visibility.Public or Visibility.Unlisted)
            ? ""
            : MailWords.Excerpt(post.Warning.Length > 0 ? post.Warning : post.Text, MostQuoted);

    private static string PathOf(ToldThing told) =>
        told is { Post: { } post, PostAuthor: { } author } ? $"/@{author.Username}/{post.Id}"
        : told.Kind == NotificationKind.Follow ? $"/@{told.Actors[0].Username}"
        : All;

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
