using System.Globalization;
using System.Text;
using Rookery.Accounts;
using Rookery.Media;
using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>
/// Renders a post as the entry that the client API shows, once; pages are made of these. What depends on the viewer or changes often
/// stands in places of fixed width. A repost is a shell around its original's entry.
/// </summary>
internal sealed class RenderEntry
{
    private readonly FragmentBuilder _json = new();

    public ReadOnlySpan<byte> Payload => _json.Payload;

    public FragmentHeader Render(Post post, Post? original, AccountCard author)
    {
        _json.Clear();
        _json.Raw("{\"tweet_id\":\""u8);
        _json.Number(post.Id.Value);
        _json.Raw("\",\"user_id\":\""u8);
        _json.Number(post.Author.Value);
        _json.Raw("\",\"username\":"u8);
        _json.Username(author.Username);
        _json.Raw(",\"name\":"u8);
        _json.Text(author.DisplayName);
        _json.Raw(",\"status\":"u8);
        _json.Status((original ?? post).Text);
        Warning(original ?? post);
        _json.Raw(FragmentRef.BehindWarning);
        _json.Raw("\""u8);
        _json.Raw(ClassicTime(post.Id.CreatedAt));
        _json.Raw("\",\"visibility\":\""u8);
        _json.Raw(NameOf(post.Visibility));
        _json.Raw("\""u8);
        Reference(",\"in_reply_to\":"u8, post.Parent.Value);
        Reference(",\"in_reply_to_user_id\":"u8, post.ParentAuthor.Value);
        Media((original ?? post).Media);
        if (original is null)
        {
            Numbers(post.Counts);
        }
        else
        {
            _json.Raw(",\"repost_of\":"u8);
            _json.Insert();
            _json.Raw("}"u8);
        }

        var header = _json.Header;
        header.PostId = post.Id;
        header.OriginalId = post.Original;
        header.Flags = FlagsOf(post) | (Warns(original ?? post) ? FragmentFlags.Warns : 0);
        return header;
    }

    /// <summary>The entry as it stands alone, a repost's with its original inside.</summary>
    public ReadOnlyMemory<byte> RenderAlone(
        Post post,
        AccountCard author,
        Post? original,
        AccountCard? writer
    )
    {
        var inner = "null"u8.ToArray();
        if (original is not null && writer is not null)
        {
            Render(original, null, writer);
            inner = Payload.ToArray();
        }

        var at = Render(post, original, author).InsertAt;
        return at == 0 ? Payload.ToArray() : (byte[])[.. Payload[..at], .. inner, .. Payload[at..]];
    }

    /// <summary>The word that the APIs use.</summary>
    public static ReadOnlySpan<byte> NameOf(Visibility visibility) =>
        visibility switch
        {
            Visibility.Public => "public"u8,
            Visibility.Unlisted => "unlisted"u8,
            Visibility.Followers => "followers"u8,
            _ => "direct"u8,
        };

    private static bool Warns(Post post) => post.IsSensitive || post.Warning.Length > 0;

    private static FragmentFlags FlagsOf(Post post) =>
        (FragmentFlags)post.Visibility
        | (post.Kind == PostKind.Reply ? FragmentFlags.Reply : 0)
        | (post.Kind == PostKind.Repost ? FragmentFlags.Repost : 0)
        | (post.Media.Count > 0 ? FragmentFlags.Media : 0);

    private static byte[] ClassicTime(DateTimeOffset time) =>
        Encoding.ASCII.GetBytes(
            time.ToString("ddd MMM dd HH:mm:ss '+0000' yyyy", CultureInfo.InvariantCulture)
        );

    /// <summary>Right behind the text: who shows the text elsewhere takes it with it.</summary>
    private void Warning(Post post)
    {
        _json.Raw(",\"spoiler_text\":"u8);
        _json.Text(post.Warning);
        _json.Raw(post.IsSensitive ? ",\"sensitive\":true"u8 : ",\"sensitive\":false"u8);
    }

    private void Reference(ReadOnlySpan<byte> name, long id)
    {
        _json.Raw(name);
        if (id == 0)
        {
            _json.Raw("null"u8);
            return;
        }

        _json.Raw("\""u8);
        _json.Number(id);
        _json.Raw("\""u8);
    }

    /// <summary>Addresses are of the server that is asked, whichever name it is asked by.</summary>
    private void Media(IReadOnlyList<Attachment> media)
    {
        _json.Raw(",\"media\":["u8);
        for (var i = 0; i < media.Count; i++)
        {
            _json.Raw(i == 0 ? "{\"media_id\":\""u8 : ",{\"media_id\":\""u8);
            _json.Number(media[i].Id.Value);
            _json.Raw(
                media[i].IsVideo
                    ? "\",\"type\":\"video\",\"url\":"u8
                    : "\",\"type\":\"image\",\"url\":"u8
            );
            _json.Text($"{BlobName.Path}{media[i].Blob}");
            _json.Raw(",\"width\":"u8);
            _json.Number(media[i].Width);
            _json.Raw(",\"height\":"u8);
            _json.Number(media[i].Height);
            if (media[i].IsVideo)
            {
                _json.Raw(",\"duration\":"u8);
                _json.Thousandths(media[i].Milliseconds);
                if (media[i].Preview is { } still)
                {
                    _json.Raw(",\"preview_url\":"u8);
                    _json.Text($"{BlobName.Path}{still}");
                }
            }

            Said(",\"description\":"u8, media[i].Description);
            Said(",\"blurhash\":"u8, media[i].Blurhash);
            _json.Raw(",\"focus\":{\"x\":"u8);
            _json.Thousandths(media[i].Focus.X);
            _json.Raw(",\"y\":"u8);
            _json.Thousandths(media[i].Focus.Y);
            _json.Raw("}}"u8);
        }

        _json.Raw("]"u8);
    }

    private void Said(ReadOnlySpan<byte> name, string text)
    {
        _json.Raw(name);
        if (text.Length == 0)
        {
            _json.Raw("null"u8);
            return;
        }

        _json.Text(text);
    }

    private void Numbers(PostCounts counts)
    {
        _json.Raw(",\"like_count\":"u8);
        _json.Likes(counts.Likes);
        _json.Raw(",\"repost_count\":"u8);
        _json.Reposts(counts.Reposts);
        _json.Raw(",\"reply_count\":"u8);
        _json.Replies(counts.Replies);
        _json.Raw(",\"liked\":"u8);
        _json.Liked();
        _json.Raw(",\"reposted\":"u8);
        _json.Reposted();
        _json.Raw(",\"repost_of\":null}"u8);
    }
}
