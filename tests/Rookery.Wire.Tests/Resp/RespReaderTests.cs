using Rookery.Wire.Resp;
using Xunit;

namespace Rookery.Wire.Tests.Resp;

public sealed class RespReaderTests
{
    private static readonly RespLimits Limits = new(1 << 20);

    public static TheoryData<string, string> Replies => GoldenReplies.All;

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_reply_is_read_as_what_it_is(string reply, string shown)
    {
        Assert.Equal([shown], await ReadAsync(new PieceStream(GoldenReplies.Bytes(reply))));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_reply_cut_at_any_byte_is_read_the_same(string reply, string shown)
    {
        var bytes = GoldenReplies.Bytes(reply + reply + ":42\r\n");
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal([shown, shown, "42"], await ReadAsync(new PieceStream(bytes, cut)));
        }
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_reply_that_comes_byte_by_byte_is_read_the_same(string reply, string shown)
    {
        var bytes = GoldenReplies.Bytes(reply + ":42\r\n");
        var pieces = new PieceStream(bytes, Enumerable.Repeat(1, bytes.Length));
        Assert.Equal([shown, "42"], await ReadAsync(pieces));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_reply_that_breaks_off_is_none(string reply, string shown)
    {
        Assert.NotEmpty(shown);
        for (var cut = 1; cut < reply.Length; cut++)
        {
            var stream = new PieceStream(GoldenReplies.Bytes(reply[..cut]));
            Assert.Empty(await ReadAsync(stream));
        }
    }

    [Theory]
    [InlineData("hello\r\n", "no value begins with 'h'")]
    [InlineData("\0", "no value begins with 0x00")]
    [InlineData(":12a\r\n", "the line after ':' is none")]
    [InlineData(":\r\n", "the line after ':' is none")]
    [InlineData(":--1\r\n", "the line after ':' is none")]
    [InlineData(":++1\r\n", "the line after ':' is none")]
    [InlineData(":9223372036854775808\r\n", "the line after ':' is none")]
    [InlineData(":1234567890123456789012345", "the line after ':' has no end")]
    [InlineData("+a\nb\r\n", "the line after '+' does not end with CR LF")]
    [InlineData("+a\rb\r\n", "the line after '+' does not end with CR LF")]
    [InlineData("$3\r\nabcd\r\n", "a string of 3 bytes does not end with CR LF")]
    [InlineData("$3\r\nabc\rx", "a string of 3 bytes does not end with CR LF")]
    [InlineData("$-2\r\n", "the length after '$' is no number")]
    [InlineData("$+3\r\nabc\r\n", "the length after '$' is no number")]
    [InlineData("$?\r\n", "the length after '$' is no number")]
    [InlineData("$1048577\r\n", "the length after '$' is 1048577; at most 1048576 is read")]
    [InlineData("*1048577\r\n", "the length after '*' is 1048577; at most 1048576 is read")]
    [InlineData("%-1\r\n", "the length after '%' is negative")]
    [InlineData("!-1\r\n", "the length after '!' is negative")]
    [InlineData("#x\r\n", "the line after '#' is none")]
    [InlineData("#true\r\n", "the line after '#' has no end")]
    [InlineData("_x\r\n", "the line after '_' has no end")]
    [InlineData(",1,5\r\n", "the line after ',' is none")]
    [InlineData(",\r\n", "the line after ',' is none")]
    [InlineData("(12a\r\n", "the line after '(' is none")]
    [InlineData("(-\r\n", "the line after '(' is none")]
    [InlineData("=2\r\nab\r\n", "a verbatim string has no format of three letters")]
    [InlineData("=5\r\nabcde\r\n", "a verbatim string has no format of three letters")]
    [InlineData("*2\r\n:1\r\n?", "no value begins with '?'")]
    public async Task What_is_no_reply_is_named(string bytes, string fault)
    {
        var thrown = await Assert.ThrowsAsync<WireProtocolException>(() =>
            ReadAsync(new PieceStream(GoldenReplies.Bytes(bytes)))
        );
        Assert.Equal($"Not the Redis protocol: {fault}.", thrown.Message);
    }

    [Fact]
    public async Task Arrays_are_read_to_the_depth_that_is_allowed_and_no_deeper()
    {
        var deepest = string.Concat(Enumerable.Repeat("*1\r\n", Limits.Depth)) + ":1\r\n";
        var shown = new string('[', Limits.Depth) + "1" + new string(']', Limits.Depth);
        Assert.Equal([shown], await ReadAsync(new PieceStream(GoldenReplies.Bytes(deepest))));
        var thrown = await Assert.ThrowsAsync<WireProtocolException>(() =>
            ReadAsync(new PieceStream(GoldenReplies.Bytes("*1\r\n" + deepest)))
        );
        Assert.Contains("nested deeper than 32", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_of_many_small_parts_may_not_be_larger_than_is_allowed()
    {
        var large = "*300000\r\n" + string.Concat(Enumerable.Repeat(":1\r\n", 300000));
        var thrown = await Assert.ThrowsAsync<WireProtocolException>(() =>
            ReadAsync(new PieceStream(GoldenReplies.Bytes(large)))
        );
        Assert.Contains("larger than 1048576 bytes", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_may_not_be_endless()
    {
        var endless = "+" + new string('a', RespLimits.LineBytes + 1);
        await Assert.ThrowsAsync<WireProtocolException>(() =>
            ReadAsync(new PieceStream(GoldenReplies.Bytes(endless)))
        );
    }

    [Fact]
    public async Task A_large_string_is_read_whole_and_what_follows_too()
    {
        var text = new string('x', 700_000);
        var bytes = GoldenReplies.Bytes($":1\r\n$700000\r\n{text}\r\n:2\r\n");
        var shown = await ReadAsync(new PieceStream(bytes, Enumerable.Repeat(4099, 1000)));
        Assert.Equal(["1", $"bulk({text})", "2"], shown);
    }

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        var reader = new WireReader<RespValue>(stream, new RespParser(Limits));
        var shown = new List<string>();
        while (await reader.ReadAsync())
        {
            while (reader.TryTake(out var value))
            {
                shown.Add(GoldenReplies.Show(value));
            }
        }

        return shown;
    }
}
