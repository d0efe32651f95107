using System.Buffers;
using Rookery.Accounts;
using Rookery.Media;
using Rookery.Posts;
using Rookery.Sharing;
using Xunit;

namespace Rookery.Tests.Sharing;

/// <summary>What other processes read is what was written, all of it.</summary>
public sealed class SharedFormTests
{
    private static BlobName Blob { get; } =
        BlobName.Parse("0123456789abcdef0123456789abcdef.jpg")!.Value;

    private static BlobName Played { get; } =
        BlobName.Parse("0123456789abcdef0123456789abcdef.webm")!.Value;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_card_is_read_as_it_was_written(bool isIndexable)
    {
        var card = new AccountCard(
            new AccountId(7),
            "ana",
            "Ana Ă",
            "a bio",
            DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
            new AccountCounts(1, 2, 3),
            isIndexable
        );
        Assert.Equal(card, WrittenAndRead(new CardForm(), card));
        foreach (
            var pictured in (AccountCard[])
                [
                    card with
                    {
                        Avatar = Blob,
                    },
                    card with
                    {
                        Header = Blob,
                        Avatar = Blob,
                    },
                    card with
                    {
                        IsLocked = true,
                    },
                    card with
                    {
                        Header = Blob,
                        IsLocked = true,
                    },
                ]
        )
        {
            Assert.Equal(pictured, WrittenAndRead(new CardForm(), pictured));
        }
    }

    [Fact]
    public void A_post_is_read_as_it_was_written()
    {
        var post = new Post(
            new PostId(7),
            new AccountId(8),
            PostKind.Reply,
            Visibility.Followers,
            "a text",
            new PostId(9),
            new AccountId(10),
            new PostId(11),
            new AccountId(12),
            new PostCounts(1, 2, 3)
        );
        Assert.Equal(post, WrittenAndRead(new PostForm(), post));
    }

    [Fact]
    public void A_post_with_media_is_read_with_them_and_without_them_as_it_always_was()
    {
        var post = new Post(
            new PostId(7),
            new AccountId(8),
            PostKind.Post,
            Visibility.Public,
            "",
            default,
            default,
            default,
            default,
            default
        );
        Attachment[] media =
        [
            new(new MediaId(1), Blob, 2, 3, "Ă \"rook\"", new FocalPoint(-4, 5), "00OZZy"),
            new(new MediaId(2), Blob, 6, 7, "", default, ""),
        ];
        var read = WrittenAndRead(new PostForm(), post with { Media = media });
        Assert.Equal(media, read!.Media);
        Assert.Equal(post, read with { Media = [] });
        Attachment video = media[0] with { Blob = Played, Milliseconds = 1234 };
        foreach (var warning in (string[])["", "A warning"])
        {
            var played = post with { Media = [video], Warning = warning };
            read = WrittenAndRead(new PostForm(), played);
            Assert.Equal([video], read!.Media);
            Assert.Equal((played.Kind, warning), (read.Kind, read.Warning));
            var still = played with { Media = [video with { Preview = Blob }] };
            read = WrittenAndRead(new PostForm(), still);
            Assert.Equal(still.Media, read!.Media);
            Assert.Equal((played.Kind, warning), (read.Kind, read.Warning));
        }

        var (form, bytes) = (new PostForm(), new ArrayBufferWriter<byte>());
        form.Write(post with { Media = media }, bytes);
        for (var length = 0; length < bytes.WrittenCount; length++)
        {
            var cut = form.Read(7, bytes.WrittenSpan[..length]);
            Assert.True(cut is null || cut.Media.Count < media.Length);
        }

        var bare = new ArrayBufferWriter<byte>();
        form.Write(post, bare);
        // Ten numbers and an empty text.
        Assert.Equal((10 * sizeof(long)) + sizeof(int), bare.WrittenCount);
    }

    [Theory]
    [InlineData("Spiders, \"many\"", true)]
    [InlineData("", true)]
    public void A_post_that_warns_is_read_so_and_is_none_to_versions_that_know_of_no_warnings(
        string warning,
        bool isSensitive
    )
    {
        var post = new Post(
            new PostId(7),
            new AccountId(8),
            PostKind.Reply,
            Visibility.Public,
            "a text",
            default,
            default,
            default,
            default,
            default
        )
        {
            Warning = warning,
            IsSensitive = isSensitive,
        };
        Assert.Equal(post, WrittenAndRead(new PostForm(), post));

        var bytes = new ArrayBufferWriter<byte>();
        new PostForm().Write(post, bytes);
        // The second number, which they take for the kind.
        var kind = (PostKind)BitConverter.ToInt64(bytes.WrittenSpan[sizeof(long)..]);
        Assert.False(Enum.IsDefined(kind));
        for (var length = 0; length < bytes.WrittenCount; length++)
        {
            Assert.Null(new PostForm().Read(7, bytes.WrittenSpan[..length]));
        }
    }

    private static TValue? WrittenAndRead<TValue>(SharedForm<TValue> form, TValue value)
        where TValue : class
    {
        var bytes = new ArrayBufferWriter<byte>();
        form.Write(value, bytes);
        return form.Read(form.IdOf(value), bytes.WrittenSpan);
    }
}
