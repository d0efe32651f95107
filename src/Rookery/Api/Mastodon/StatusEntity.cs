using System.Text.Json;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>All that one <c>Status</c> is written from.</summary>
/// <param name="Mentions">Whom its text mentions, in that order, each once.</param>
/// <param name="Tags">Its text's hashtags, folded, in that order, each once.</param>
/// <param name="Marks">What the viewer has done with it.</param>
/// <param name="Reblog">What it reposts: then everything but who and when is that one's.</param>
internal sealed record Status(
    Post Post,
    AccountCard Author,
    IReadOnlyList<AccountCard> Mentions,
    IReadOnlyList<string> Tags,
    ViewerFlags Marks,
    Status? Reblog
);

/// <summary>Writes a post as Mastodon's <c>Status</c>.</summary>
internal static class StatusEntity
{
    public static void WriteMany(
        Utf8JsonWriter json,
        IReadOnlyList<Status> statuses,
        AccountId? viewer,
        MastodonSite site
    )
    {
        json.WriteStartArray();
        foreach (var status in statuses)
        {
            Write(json, status, viewer, site);
        }

        json.WriteEndArray();
    }

    /// <param name="viewer">Null for who has no token, who is not told what only a viewer can have done.</param>
    public static void Write(
        Utf8JsonWriter json,
        Status status,
        AccountId? viewer,
        MastodonSite site
    )
    {
        var (post, author) = (status.Post, status.Author);
        // As on Mastodon a repost says what its original says, for clients that look no further.
        var said = status.Reblog ?? status;
        var url = site.Html.Post(author.Username, post.Id);
        json.WriteStartObject();
        json.WriteTextId("id", post.Id);
        json.WriteIsoTime("created_at", post.Id.CreatedAt);
        json.WriteNull("edited_at");
        WriteReply(json, post);
        json.WriteString("visibility", NameOf(post.Visibility));
        json.WriteBoolean("sensitive", said.Post.IsSensitive);
        json.WriteString("spoiler_text", said.Post.Warning);
        json.WriteNull("language");
        json.WriteString("uri", url);
        json.WriteString("url", url);
        WriteText(json, said, site);
        WriteMedia(json, said.Post.Media, site);
        WriteCounts(json, said.Post.Counts);
        WriteNothing(json);
        json.WritePropertyName("account");
        AccountEntity.Write(json, author, site);
        WriteReblog(json, status.Reblog, viewer, site);
        if (viewer is { } account)
        {
            WriteViewers(json, said, account);
        }

        json.WriteEndObject();
    }

    private static void WriteReblog(
        Utf8JsonWriter json,
        Status? original,
        AccountId? viewer,
        MastodonSite site
    )
    {
        if (original is null)
        {
            json.WriteNull("reblog");
            return;
        }

        json.WritePropertyName("reblog");
        Write(json, original, viewer, site);
    }

    private static void WriteReply(Utf8JsonWriter json, Post post)
    {
        if (post.Parent.Value == 0)
        {
            json.WriteNull("in_reply_to_id");
            json.WriteNull("in_reply_to_account_id");
            return;
        }

        json.WriteTextId("in_reply_to_id", post.Parent);
        json.WriteTextId("in_reply_to_account_id", post.ParentAuthor);
    }

    /// <summary>What the text's links to accounts and hashtags lead to stands beside it: clients open them by that.</summary>
    private static void WriteText(Utf8JsonWriter json, Status said, MastodonSite site)
    {
        var usernames = said.Mentions.ToDictionary(
            account => account.Username.ToLowerInvariant(),
            account => account.Username
        );
        json.WriteString("content", site.Html.Render(said.Post.Text, usernames));
        json.WriteStartArray("mentions");
        foreach (var account in said.Mentions)
        {
            AccountEntity.WriteMention(json, account, site);
        }

        json.WriteEndArray();
        json.WriteStartArray("tags");
        foreach (var tag in said.Tags)
        {
            TagEntity.WriteInStatus(json, tag, site);
        }

        json.WriteEndArray();
    }

    private static void WriteMedia(
        Utf8JsonWriter json,
        IReadOnlyList<Attachment> media,
        MastodonSite site
    )
    {
        json.WriteStartArray("media_attachments");
        foreach (var medium in media)
        {
            MediaEntity.Write(json, medium, site);
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, PostCounts counts)
    {
        json.WriteNumber("replies_count", Math.Max(0, counts.Replies));
        json.WriteNumber("reblogs_count", Math.Max(0, counts.Reposts));
        json.WriteNumber("favourites_count", Math.Max(0, counts.Likes));
        json.WriteNumber("quotes_count", 0);
    }

    /// <summary>What posts do not have.</summary>
    private static void WriteNothing(Utf8JsonWriter json)
    {
        json.WriteEmptyArray("emojis");
        json.WriteNull("card");
        json.WriteNull("poll");
        json.WriteNull("quote");
    }

    private static void WriteViewers(Utf8JsonWriter json, Status said, AccountId viewer)
    {
        json.WriteBoolean("favourited", said.Marks.HasFlag(ViewerFlags.Liked));
        json.WriteBoolean("reblogged", said.Marks.HasFlag(ViewerFlags.Reposted));
        json.WriteBoolean("muted", false);
        json.WriteBoolean("bookmarked", false);
        if (said.Post.Author == viewer)
        {
            json.WriteBoolean("pinned", false);
        }

        json.WriteEmptyArray("filtered");
    }

    private static ReadOnlySpan<byte> NameOf(Visibility visibility) =>
        visibility == Visibility.Followers ? "private"u8 : RenderEntry.NameOf(visibility);
}
