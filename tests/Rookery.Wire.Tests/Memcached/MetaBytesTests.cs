using System.Text;
using Rookery.Wire.Memcached;
using Xunit;

namespace Rookery.Wire.Tests.Memcached;

/// <summary>Commands as bytes, and answers from bytes in any pieces.</summary>
public sealed class MetaBytesTests
{
    public static TheoryData<string, string> Answers { get; } =
        new()
        {
            { "HD\r\n", "Done" },
            { "HD c12\r\n", "Done c12" },
            { "EN\r\n", "Miss" },
            { "NS\r\n", "NotStored" },
            { "EX\r\n", "Changed" },
            { "NF\r\n", "NotFound" },
            { "MN\r\n", "Done" },
            { "SERVER_ERROR object too large for cache\r\n", "NotStored" },
            { "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n", "NotStored" },
            { "VA 0 t-1 f0 c3 h0\r\n\r\n", "Hit c3 t-1 ''" },
            {
                "VA 5 t30 f7 c18446744073709551615 h1\r\na\r\nb\0\r\n",
                "Hit c18446744073709551615 f7 t30 h 'a\r\nb\0'"
            },
            { "VA 2 c9\r\n41\r\n", "Hit c9 '41'" },
            { "VA 0 t30 f0 c4 h0 W\r\n\r\n", "Miss c4 t30 W ''" },
            { "VA 0 t30 f0 c4 h1 Z\r\n\r\n", "Miss c4 t30 h Z ''" },
            { "VA 3 t30 f0 c4 h1 W X\r\nold\r\n", "Hit c4 t30 h W X 'old'" },
            { "VA 3 t30 f0 c4 h1 X Z\r\nold\r\n", "Hit c4 t30 h Z X 'old'" },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_read_the_same_however_it_is_cut(string answer, string shown)
    {
        var bytes = Encoding.Latin1.GetBytes(answer + answer + "EN\r\n");
        Assert.Equal([shown, shown, "Miss"], await ReadAsync(new Resp.PieceStream(bytes)));
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var pieces = new Resp.PieceStream(bytes, cut);
            Assert.Equal([shown, shown, "Miss"], await ReadAsync(pieces));
        }

        var single = new Resp.PieceStream(bytes, Enumerable.Repeat(1, bytes.Length));
        Assert.Equal([shown, shown, "Miss"], await ReadAsync(single));
    }

    [Theory]
    [InlineData("ERROR\r\n")]
    [InlineData("CLIENT_ERROR bad data chunk\r\n")]
    [InlineData("XX\r\n")]
    [InlineData("\r\n")]
    [InlineData("HD\n")]
    [InlineData("VA -1\r\n")]
    [InlineData("VA x\r\n")]
    [InlineData("VA 1000001\r\n")]
    [InlineData("VA 99999999999\r\n")]
    [InlineData("VA 3\r\nabcd\r\n")]
    [InlineData("HD cx\r\n")]
    public async Task What_is_no_answer_is_a_fault(string bytes)
    {
        var stream = new Resp.PieceStream(Encoding.Latin1.GetBytes(bytes));
        await Assert.ThrowsAsync<WireProtocolException>(() => ReadAsync(stream));
    }

    [Fact]
    public async Task One_that_is_too_old_is_told_from_one_that_is_none()
    {
        var stream = new Resp.PieceStream("ERROR\r\n"u8.ToArray());
        var fault = await Assert.ThrowsAsync<WireProtocolException>(() => ReadAsync(stream));
        Assert.Contains(
            "memcached 1.6 or later is needed",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_line_may_not_be_endless()
    {
        var stream = new Resp.PieceStream(Encoding.Latin1.GetBytes(new string('a', 5000)));
        await Assert.ThrowsAsync<WireProtocolException>(() => ReadAsync(stream));
    }

    [Fact]
    public void Commands_are_what_the_protocol_describes()
    {
        var batch = new MemcachedBatch();
        batch.Get("k"u8);
        batch.Get("k"u8, vivify: 30, touch: 60);
        batch.Set("k"u8, "v\r\n"u8, ttl: 0);
        batch.Set("k"u8, ""u8, 60, cas: 7, MemcachedMode.Replace, flags: 9, invalidate: true);
        batch.Set("k"u8, "v"u8, 60, mode: MemcachedMode.Add);
        batch.Set("k"u8, "v"u8, 60, mode: MemcachedMode.Append);
        batch.Set("k"u8, "v"u8, 60, mode: MemcachedMode.Prepend);
        batch.Delete("k"u8);
        batch.Delete("k"u8, cas: 7, staleFor: 30);
        batch.Add("n"u8, 5);
        batch.Add("n"u8, -5, initial: 10, ttl: 60);
        batch.Get([0, 255, 32]);
        Assert.Equal(
            [
                "mg k t f c h v\r\n",
                "mg k t f c h v N30 T60\r\n",
                "ms k 3 c T0 F0\r\nv\r\n\r\n",
                "ms k 0 c T60 C7 F9 MR I\r\n\r\n",
                "ms k 1 c T60 F0 ME\r\nv\r\n",
                "ms k 1 c T60 F0 MA\r\nv\r\n",
                "ms k 1 c T60 F0 MP\r\nv\r\n",
                "md k\r\n",
                "md k C7 I T30\r\n",
                "ma n v c D5\r\n",
                "ma n v c MD D5 N60 J10\r\n",
                "mg AP8g t f c h v b\r\n",
            ],
            Enumerable
                .Range(0, batch.Count)
                .Select(i => Encoding.Latin1.GetString(batch.BytesOf(i)))
        );
    }

    [Fact]
    public void Keys_that_the_protocol_cannot_carry_are_refused()
    {
        var batch = new MemcachedBatch();
        batch.Get(
            new byte[250]
                .Select(_ => (byte)'k')
                .ToArray()
        );
        batch.Get(new byte[186]);
        Assert.Throws<ArgumentException>(() => batch.Get(""u8));
        Assert.Throws<ArgumentException>(() =>
            batch.Get(
                new byte[251]
                    .Select(_ => (byte)'k')
                    .ToArray()
            )
        );
        Assert.Throws<ArgumentException>(() => batch.Get(new byte[187]));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            batch.Set("k"u8, "v"u8, MemcachedBatch.LongestTtl + 1)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Set("k"u8, "v"u8, -1));
        Assert.Equal(2, batch.Count);
    }

    [Fact]
    public void A_node_more_takes_its_share_from_all_and_nothing_else_moves()
    {
        WireEndpoint[] nodes =
        [
            .. Enumerable.Range(1, 5).Select(i => new WireEndpoint($"10.0.0.{i}", 11211)),
        ];
        var four = new HashRing(nodes.Take(4));
        var five = new HashRing(nodes.Reverse());
        var moved = 0;
        var shares = nodes.ToDictionary(node => node, _ => 0);
        for (var i = 0; i < 100_000; i++)
        {
            var hash = MemcachedKey.Hash(Encoding.ASCII.GetBytes($"post:{i}"));
            var owner = five.OwnerOf(hash);
            shares[owner]++;
            if (owner != four.OwnerOf(hash))
            {
                Assert.Equal(nodes[4], owner);
                moved++;
            }
        }

        Assert.InRange(moved, 15_000, 25_000);
        Assert.All(shares.Values, share => Assert.InRange(share, 15_000, 25_000));
    }

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        var reader = new WireReader<MemcachedReply>(stream, new MetaParser(1_000_000));
        var shown = new List<string>();
        while (await reader.ReadAsync())
        {
            while (reader.TryTake(out var reply))
            {
                shown.Add(Show(reply));
            }
        }

        return shown;
    }

    private static string Show(MemcachedReply reply) =>
        string.Concat(
            $"{reply.Status}",
            reply.Cas > 0 ? $" c{reply.Cas}" : "",
            reply.Flags > 0 ? $" f{reply.Flags}" : "",
            reply.Ttl != 0 ? $" t{reply.Ttl}" : "",
            reply.WasHitBefore ? " h" : "",
            reply.HasWon ? " W" : "",
            reply.IsBeingFilled ? " Z" : "",
            reply.IsStale ? " X" : "",
            reply.IsHit || reply.HasWon || reply.IsBeingFilled
                ? $" '{Encoding.Latin1.GetString(reply.Value.Span)}'"
                : ""
        );
}
