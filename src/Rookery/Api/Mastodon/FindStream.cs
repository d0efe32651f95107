using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>Which list somebody asks for, under the names that Mastodon gives them.</summary>
/// <param name="Since">The id of the last event that he has; see <see cref="LiveView.Since"/>.</param>
internal sealed record AskedStream(
    string Name,
    string? Tag,
    AccountId? Viewer,
    string? Since = null
)
{
    public const string Hashtag = "hashtag";
    public const string LocalHashtag = "hashtag:local";

    /// <summary>As it was asked for: with the hashtag, where it is one.</summary>
    public IReadOnlyList<string> Names => IsHashtag(Name) ? [Name, Tag ?? ""] : [Name];

    public static bool IsHashtag(string name) => name is Hashtag or LocalHashtag;
}

/// <summary>Finds the list that a stream is asked to be of.</summary>
internal sealed class FindStream(ReadTimeline read)
{
    public const string User = "user";
    public const string Notifications = "user:notification";
    public const string Everybody = "public";
    public const string OthersAlone = "public:remote";
    public const string Media = ":media";

    private const string Name = "stream";
    private const string Tag = "tag";

    public Result<LiveView> Handle(AskedStream asked)
    {
        switch (asked.Name)
        {
            case User or Notifications when asked.Viewer is null:
                return Problem.Unauthenticated(
                    "This needs a token: log in, and send it as `Authorization: Bearer TOKEN` or as `access_token`."
                );
            case User:
                return new LiveHome(read, asked.Viewer.Value)
                {
                    Names = asked.Names,
                    Since = asked.Since,
                };
            case Notifications:
                return new LiveNotifications(asked.Viewer.Value)
                {
                    Names = asked.Names,
                    Since = asked.Since,
                };
            // Posts of other servers, of which there are none.
            case OthersAlone or OthersAlone + Media:
                return new LiveNothing(asked.Viewer) { Names = asked.Names, Since = asked.Since };
            case Everybody or "public:local":
                return ListOf(null, asked);
            case Everybody + Media or "public:local" + Media:
                return ListOf(null, asked, onlyMedia: true);
            case AskedStream.Hashtag or AskedStream.LocalHashtag:
                return OfHashtag(asked);
            case "list":
                return Problem.Invalid(
                    Name,
                    "stream must be another one: there are no lists here."
                );
            case "direct":
                return Problem.Invalid(
                    Name,
                    "stream must be another one: there are no conversations here; direct posts come to `user`."
                );
            default:
                return Problem.Invalid(
                    Name,
                    "stream must be user, user:notification, public, public:local, public:remote, one of these three with :media, hashtag or hashtag:local."
                );
        }
    }

    private Result<LiveView> OfHashtag(AskedStream asked)
    {
        if (asked.Tag is null)
        {
            return Problem.Invalid(Tag, "tag is missing; it must be a hashtag, like birds.");
        }

        var hashtag = Hashtag.Parse(asked.Tag, Tag);
        return hashtag.Succeeded ? ListOf(hashtag.Value, asked) : hashtag.Problem;
    }

    private LiveList ListOf(string? hashtag, AskedStream asked, bool onlyMedia = false) =>
        new(read, hashtag, asked.Viewer, onlyMedia) { Names = asked.Names, Since = asked.Since };
}
