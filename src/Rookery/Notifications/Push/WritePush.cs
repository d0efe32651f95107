using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Rookery.Mail;
using Rookery.Media;

namespace Rookery.Notifications.Push;

/// <summary>What a push says, in the words of its subscription's language: the JSON that Mastodon's clients read. Only the receiver can read it.</summary>
internal sealed class WritePush(SealTokens seal, IMails mails, IOptions<MediaOptions> media)
{
    /// <summary>As the site's own receiver knows it; no client subscribes for it.</summary>
    public const string Test = "test";

    /// <summary>Where the site shows all of them.</summary>
    private const string AllPath = "/notifications";

    /// <summary>The sign of the site, under a name that stays.</summary>
    private const string SignPath = "/apple-touch-icon.png";

    /// <summary>Letters of a text: what a lock screen shows, and little enough to fit whatever letters they are.</summary>
    private const int MostLetters = 200;

    /// <summary>Names that a digest names.</summary>
    private const int MostNames = 3;

    /// <summary>It is no page: letters stand as they are, so that more of them fit.</summary>
    private static readonly JsonWriterOptions AsItIs = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public byte[] One(PushSubscription to, ToldPush told)
    {
        var words = MailWords.Of(to.Language);
        return Write(
            to,
            told.What.Id,
            PushAlerts.Of(told.What.Kind),
            IconOf(told),
            words.Text(TitleOf(told.What.Kind), ("name", told.Actor.DisplayName)),
            BodyOf(told),
            AllPath
        );
    }

    /// <summary>In the place of many, of which it says how many they are, and of whom.</summary>
    public byte[] Digest(PushSubscription to, IReadOnlyList<ToldPush> all)
    {
        var words = MailWords.Of(to.Language);
        var names = all.Select(told => told.Actor)
            .Reverse()
            .DistinctBy(actor => actor.Id)
            .Select(actor => actor.DisplayName)
            .ToList();
        return Write(
            to,
            all[^1].What.Id,
            PushAlerts.Of(all[^1].What.Kind),
            mails.LinkTo(SignPath),
            words.Text("PushDigest", ("count", $"{all.Count}")),
            string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? ", …" : ""),
            AllPath
        );
    }

    public byte[] OfTest(PushSubscription to)
    {
        var words = MailWords.Of(to.Language);
        return Write(
            to,
            default,
            Test,
            mails.LinkTo(SignPath),
            words.Text("PushTest"),
            words.Text("PushTestText"),
            AllPath
        );
    }

    private static string TitleOf(NotificationKind kind) =>
        kind switch
        {
            NotificationKind.Follow => "PushFollow",
            NotificationKind.Mention => "PushMention",
            NotificationKind.Reply => "PushReply",
            NotificationKind.Repost => "PushRepost",
            NotificationKind.Like => "PushLike",
            NotificationKind.Status => "PushStatus",
            NotificationKind.FollowRequest => "PushFollowRequest",
            // A kind that is new has a text of its own before it has anything of this.
            _ => "PushOther",
        };

    /// <summary>What it warns of in the place of the text, as everywhere.</summary>
    private static string BodyOf(ToldPush told) =>
        Cut(
            told.Post is not { } post ? $"@{told.Actor.Username}"
            : post.Warning.Length > 0 ? post.Warning
            : post.Text
        );

    private string IconOf(ToldPush told) =>
        told.Actor.Avatar is not { } blob ? mails.LinkTo(SignPath)
        : media.Value.Address is { Length: > 0 } files ? $"{files}{BlobName.Path}{blob}"
        : mails.LinkTo($"{BlobName.Path}{blob}");

    private byte[] Write(
        PushSubscription to,
        NotificationId id,
        string type,
        string icon,
        string title,
        string body,
        string path
    )
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, AsItIs))
        {
            json.WriteStartObject();
            if (seal.Open(to.SealedToken.Span, to.Session) is { } token)
            {
                json.WriteString("access_token", token);
            }
            else
            {
                // The site's own receiver opens it; a token it has none.
                json.WriteString("path", path);
            }

            json.WriteString("preferred_locale", to.Language);
            json.WriteNumber("notification_id", id.Value);
            json.WriteString("notification_type", type);
            json.WriteString("icon", icon);
            json.WriteString("title", title);
            json.WriteString("body", body);
            json.WriteEndObject();
        }

        return text.ToArray();
    }

    private static string Cut(string text)
    {
        var cut = new StringBuilder();
        var letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (letters++ == MostLetters)
            {
                return cut.Append('…').ToString();
            }

            cut.Append(rune.ToString());
        }

        return cut.ToString();
    }
}
