using System.Buffers;
using Rookery.Media;
using Rookery.Posts;

namespace Rookery.Sharing;

/// <summary>A post that stands, by an author that is not closed; a repost with an original for which the same holds.</summary>
internal sealed class PostForm : SharedForm<Post>
{
    /// <summary>
    /// Added to the kind of the few posts that warn of something. Versions that know of no warnings take such a value for none, and ask truth.
    /// </summary>
    private const long Warns = 256;

    /// <summary>
    /// Added to the kind of the few posts that have a video: each of their media is followed by how long it lasts. Versions that know of none take such a value for
    /// none, and ask truth.
    /// </summary>
    private const long Plays = 512;

    /// <summary>
    /// Added beside that to the kind of posts whose video has a still picture: each of their media is followed by its name too. Older versions ask truth here as well.
    /// </summary>
    private const long Previews = 1024;

    public override SharedKind Kind => SharedKind.Post;

    public override long IdOf(Post value) => value.Id.Value;

    public override void Write(Post value, ArrayBufferWriter<byte> into)
    {
        Write(value.Author.Value, into);
        Write(
            (long)value.Kind
                + (WarnsOf(value) ? Warns : 0)
                + (PlaysOf(value) ? Plays : 0)
                + (PreviewsOf(value) ? Previews : 0),
            into
        );
        Write((long)value.Visibility, into);
        Write(value.Parent.Value, into);
        Write(value.ParentAuthor.Value, into);
        Write(value.Original.Value, into);
        Write(value.OriginalAuthor.Value, into);
        Write(value.Counts.Likes, into);
        Write(value.Counts.Reposts, into);
        Write(value.Counts.Replies, into);
        Write(value.Text, into);
        if (WarnsOf(value))
        {
            Write(value.Warning, into);
            Write(value.IsSensitive ? 1 : 0, into);
        }

        // Of nearly all posts nothing: their values are also those of versions that know no media.
        foreach (var medium in value.Media)
        {
            Write(medium.Id.Value, into);
            Write(medium.Blob.ToString(), into);
            Write(medium.Width, into);
            Write(medium.Height, into);
            Write(medium.Description, into);
            Write(medium.Focus.X, into);
            Write(medium.Focus.Y, into);
            Write(medium.Blurhash, into);
            if (PlaysOf(value))
            {
                Write(medium.Milliseconds, into);
            }

            if (PreviewsOf(value))
            {
                Write(medium.Preview?.ToString() ?? "", into);
            }
        }
    }

    public override Post? Read(long id, ReadOnlySpan<byte> bytes)
    {
        var from = new Reader(bytes);
        var author = new AccountId(from.Number());
        var kindAndMore = from.Number();
        var (plays, warns) = ((kindAndMore & Plays) != 0, (kindAndMore & Warns) != 0);
        var previews = (kindAndMore & Previews) != 0;
        var kind = (PostKind)(kindAndMore & ~(Warns | Plays | Previews));
        var visibility = (Visibility)from.Number();
        var (parent, parentAuthor) = (new PostId(from.Number()), new AccountId(from.Number()));
        var (original, originalAuthor) = (new PostId(from.Number()), new AccountId(from.Number()));
        var counts = new PostCounts(from.Number(), from.Number(), from.Number());
        var text = from.Text();
        var warning = warns ? from.Text() : "";
        var isSensitive = warns && from.Number() != 0;
        return
            TryReadMedia(ref from, plays, previews, out var media)
            && Enum.IsDefined(kind)
            && Enum.IsDefined(visibility)
            ? new Post(
                new PostId(id),
                author,
                kind,
                visibility,
                text,
                parent,
                parentAuthor,
                original,
                originalAuthor,
                counts
            )
            {
                Media = media,
                Warning = warning,
                IsSensitive = isSensitive,
            }
            : null;
    }

    private static bool PlaysOf(Post post)
    {
        foreach (var medium in post.Media)
        {
            if (medium.IsVideo)
            {
                return true;
            }
        }

        return false;
    }

    private static bool PreviewsOf(Post post)
    {
        foreach (var medium in post.Media)
        {
            if (medium.Preview is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static bool WarnsOf(Post post) => post.Warning.Length > 0 || post.IsSensitive;

    /// <summary>All that is left.</summary>
    private static bool TryReadMedia(
        ref Reader from,
        bool plays,
        bool previews,
        out IReadOnlyList<Attachment> media
    )
    {
        media = [];
        while (from is { IsWhole: true, IsAtEnd: false })
        {
            var id = new MediaId(from.Number());
            var blob = BlobName.ParseStored(from.Text());
            var (width, height) = (from.Number(), from.Number());
            var description = from.Text();
            var focus = new FocalPoint((int)from.Number(), (int)from.Number());
            var blurhash = from.Text();
            var milliseconds = plays ? (int)from.Number() : 0;
            var preview = previews ? BlobName.ParseStored(from.Text()) : null;
            if (blob is not { } name)
            {
                return false;
            }

            media =
            [
                .. media,
                new(id, name, (int)width, (int)height, description, focus, blurhash)
                {
                    Milliseconds = milliseconds,
                    Preview = preview,
                },
            ];
        }

        return from.IsAtEnd;
    }

    public override bool ChangedSince(long asOf, Post value, ChangesSeen changes) =>
        changes.ChangedSince(asOf, Changing.Post, value.Id.Value)
        || changes.ChangedSince(asOf, Changing.Author, value.Author.Value)
        || (
            value.Original.Value != 0
            && (
                changes.ChangedSince(asOf, Changing.Post, value.Original.Value)
                || changes.ChangedSince(asOf, Changing.Author, value.OriginalAuthor.Value)
            )
        );
}
