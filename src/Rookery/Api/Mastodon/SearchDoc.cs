using Rookery.Search;

namespace Rookery.Api.Mastodon;

/// <summary>How the route of Mastodon's search is described.</summary>
internal static class SearchDoc
{
    /// <summary>Without the braces around it: other entities have more.</summary>
    public const string AccountFields = """
        "id":"456","username":"bob","acct":"bob","display_name":"Bob","locked":false,"bot":false,"group":false,"discoverable":true,"indexable":true,"noindex":false,"created_at":"2026-01-02T00:00:00.000Z","note":"<p>Birds</p>","url":"http://127.0.0.1:8080/@bob","uri":"http://127.0.0.1:8080/@bob","avatar":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.png","avatar_static":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.png","avatar_description":"","header":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.png","header_static":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.png","header_description":"","followers_count":2,"following_count":1,"statuses_count":3,"last_status_at":null,"hide_collections":false,"emojis":[],"fields":[]
        """;

    public const string Account = $$"""{{{AccountFields}}}""";

    public const string Status =
        $$"""{"id":"987","created_at":"2026-01-02T03:04:05.678Z","edited_at":null,"in_reply_to_id":null,"in_reply_to_account_id":null,"visibility":"public","sensitive":false,"spoiler_text":"","language":null,"uri":"http://127.0.0.1:8080/@bob/987","url":"http://127.0.0.1:8080/@bob/987","content":"<p>hello world!</p>","mentions":[],"tags":[],"replies_count":0,"reblogs_count":0,"favourites_count":0,"quotes_count":0,"media_attachments":[],"emojis":[],"card":null,"poll":null,"quote":null,"account":{{Account}},"reblog":null}""";

    private const string Tag =
        """{"id":"123","name":"birds","url":"http://127.0.0.1:8080/tags/birds","history":[]}""";

    public static RouteDoc Route { get; } =
        new("Accounts, statuses and hashtags that a text finds", AuthKind.OptionalToken)
        {
            Fields =
            [
                new(
                    "q",
                    FieldType.Text,
                    FieldPlace.Query,
                    "Words and operators as docs/search.md says, `@user`, `user@host` of this server, `#tag`; with `resolve` also the address of an account or a status.",
                    true,
                    1,
                    SearchPosts.MaxQueryLength
                ),
                Lenient(
                    "type",
                    FieldType.Text,
                    "Only `accounts`, `statuses` or `hashtags`; the others are then empty."
                ),
                Lenient(
                    "resolve",
                    FieldType.Flag,
                    "What is at the address `q`, and nothing else. Needs a token."
                ),
                Lenient(
                    "limit",
                    FieldType.Integer,
                    "How many of each category; 20 when not given, 40 at most."
                ),
                Lenient(
                    "offset",
                    FieldType.Integer,
                    "How many are left out first, with `type` only. Needs a token."
                ),
                Lenient("max_id", FieldType.Id, "Only statuses that are strictly older."),
                Lenient("min_id", FieldType.Id, "The statuses just above this id."),
                Lenient("account_id", FieldType.Id, "Only this account's statuses."),
                Lenient("following", FieldType.Flag, "Only accounts that the caller follows."),
                MastodonRoutes.Token,
            ],
            Answers =
            [
                new(
                    200,
                    "What was found, of each category at most `limit`",
                    $$"""{"accounts":[{{Account}}],"statuses":[{{Status}}],"hashtags":[{{Tag}}]}"""
                ),
            ],
            Limit = RouteLimit.Searches,
        };

    public static FieldDoc Lenient(string name, FieldType type, string description) =>
        new(name, type, FieldPlace.Query, description, false) { IsLenient = true };
}
