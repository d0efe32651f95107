using Rookery.Posts;
using Rookery.Search;

namespace Rookery.Api.Mastodon;

/// <summary>What a client asks Mastodon's search for.</summary>
/// <param name="Text">Without blanks around it.</param>
/// <param name="Type">The one category that is asked for; null for all.</param>
/// <param name="Limit">Of each category.</param>
/// <param name="Offset">Of the one category how many are left out.</param>
/// <param name="Page">Of statuses.</param>
/// <param name="Author">Whose statuses alone.</param>
/// <param name="Following">Of accounts only those that the caller follows.</param>
/// <param name="Resolve">A text that is an address asks for what is there, and for nothing else.</param>
internal sealed record SearchQuestion(
    string Text,
    string? Type,
    int Limit,
    int Offset,
    Page Page,
    AccountId? Author,
    bool Following,
    bool Resolve
)
{
    public const string Accounts = "accounts";
    public const string Statuses = "statuses";
    public const string Hashtags = "hashtags";

    private const int DefaultLimit = 20;
    private const int MaxLimit = 40;

    /// <summary>What is wrong with <c>q</c> is noted in <paramref name="sent"/>; whatever else was sent means something, or nothing.</summary>
    public static SearchQuestion Read(RequestFields sent, LenientFields fields)
    {
        var type = fields.Text("type");
        var limit = fields.Limit("limit", DefaultLimit, MaxLimit);
        return new SearchQuestion(
            TextIn(sent),
            type,
            limit,
            type is null ? 0 : fields.Offset("offset"),
            new Page(limit, fields.Cursor("max_id"), MinId: fields.Cursor("min_id")),
            fields.Account("account_id"),
            fields.Flag("following"),
            fields.Flag("resolve")
        );
    }

    /// <summary>The refusal of who has no token and asks for what needs one.</summary>
    public static Problem? RefuseAnonymous(LenientFields fields) =>
        fields.Flag("resolve") || fields.Text("offset")?.Trim() is { Length: > 0 } and not "0"
            ? Problem.Unauthenticated(
                "resolve and offset need a token: log in, and send it as `Authorization: Bearer TOKEN`, or leave them out."
            )
            : null;

    /// <summary>
    /// What is answered where a search may not look as far as the page begins: an empty one would say that nothing follows, and only here is it known how many of those that
    /// are left out stand above.
    /// </summary>
    public Problem RefuseOffset(PostId reached, int toSkip) =>
        Problem.Invalid(
            "offset",
            $"offset reaches further than one search may look; go on with {(Page.FromBelow ? "min_id" : "max_id")}={reached} and {(toSkip > 0 ? $"offset={toSkip}" : "no offset")}."
        );

    public bool Wants(string category) => Type is null || Type == category;

    /// <summary>One word that could be a hashtag, with or without its sign.</summary>
    public bool MayBeHashtag => Hashtag.Parse(Text, "q").Succeeded;

    /// <summary>Accounts are not called so.</summary>
    public bool IsHashtag => Text[0] is '#' or '\uFF03';

    /// <summary>A query for posts of one account alone that otherwise finds what <paramref name="text"/> does; null where that says nothing.</summary>
    public static string? OfAuthor(string username, string text)
    {
        var read = ParseQuery.Handle(text).ToText();
        // The name first: of a query that is too long the end is left out.
        return read.Length == 0 ? null : $"from:{username} ({read})";
    }

    private static string TextIn(RequestFields sent)
    {
        var text = sent.Text("q", SearchPosts.MaxQueryLength).Trim();
        if (text.Length == 0)
        {
            sent.Refuse("q", "must be text that is not blank");
        }
        else if (!UnicodeText.CanBeNormalised(text))
        {
            sent.Refuse("q", "must be text without U+FFFE, which is no character");
        }

        return text;
    }
}
