using System.Buffers;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Sharing;
using Xunit;

namespace Rookery.Tests.Sharing;

/// <summary>What other processes read is what was written, all of it.</summary>
public sealed class SharedFormTests
{
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

    private static TValue? WrittenAndRead<TValue>(SharedForm<TValue> form, TValue value)
        where TValue : class
    {
        var bytes = new ArrayBufferWriter<byte>();
        form.Write(value, bytes);
        return form.Read(form.IdOf(value), bytes.WrittenSpan);
    }
}
