using System.Buffers;
using Rookery.Posts;

namespace Rookery.Sharing;

/// <summary>A post that stands, by an author that is not closed; a repost with an original for which the same holds.</summary>
internal sealed class PostForm : SharedForm<Post>
{
    public override SharedKind Kind => SharedKind.Post;

    public override long IdOf(Post value) => value.Id.Value;

    public override void Write(Post value, ArrayBufferWriter<byte> into)
    {
        Write(value.Author.Value, into);
        Write((long)value.Kind, into);
        Write((long)value.Visibility, into);
        Write(value.Parent.Value, into);
        Write(value.ParentAuthor.Value, into);
        Write(value.Original.Value, into);
        Write(value.OriginalAuthor.Value, into);
        Write(value.Counts.Likes, into);
        Write(value.Counts.Reposts, into);
        Write(value.Counts.Replies, into);
        Write(value.Text, into);
    }

    public override Post? Read(long id, ReadOnlySpan<byte> bytes)
    {
        var from = new Reader(bytes);
        var author = new AccountId(from.Number());
        var kind = (PostKind)from.Number();
        var visibility = (Visibility)from.Number();
        var (parent, parentAuthor) = (new PostId(from.Number()), new AccountId(from.Number()));
        var (original, originalAuthor) = (new PostId(from.Number()), new AccountId(from.Number()));
        var counts = new PostCounts(from.Number(), from.Number(), from.Number());
        var text = from.Text();
        return from.IsAtEnd && Enum.IsDefined(kind) && Enum.IsDefined(visibility)
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
            : null;
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
