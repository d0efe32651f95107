using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Wire.Memcached;
using Rookery.Wire.Redis;
using Rookery.Wire.Resp;
using Rookery.Wire.Tests.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Resp;

/// <summary>Whatever comes in whatever pieces: read right, or refused; in bounded memory. A failure names the seed.</summary>
public sealed class RespFuzzTests
{
    private static readonly RespLimits Limits = new(1 << 20);

    [Fact]
    public void Any_reply_in_any_pieces_is_read_as_it_was_written() =>
        Check(
            3000,
            random =>
            {
                var replies = Enumerable.Range(0, 5).Select(_ => RandomReply.Make(random)).ToList();
                var bytes = GoldenReplies.Bytes(
                    string.Concat(replies.Select(reply => reply.Bytes))
                );
                var read = Read(new PieceStream(bytes, RandomReply.Pieces(random)));
                Assert.Equal(replies.Select(reply => reply.Shown), read.Shown);
                Assert.False(read.IsFault);
            }
        );

    [Fact]
    public void Broken_bytes_are_refused_or_read_but_the_same_in_any_pieces() =>
        Check(
            5000,
            random =>
            {
                var bytes = RandomReply.Broken(random);
                var whole = Read(new PieceStream(bytes));
                var pieces = Read(new PieceStream(bytes, RandomReply.Pieces(random)));
                Assert.Equal(whole.Shown, pieces.Shown);
                Assert.Equal(whole.IsFault, pieces.IsFault);
            }
        );

    [Fact]
    public void No_bytes_make_the_reader_take_much_more_memory_than_they_have() =>
        Check(
            3000,
            random =>
            {
                var bytes = RandomReply.Broken(random);
                var before = GC.GetAllocatedBytesForCurrentThread();
                var reader = new WireReader<RespValue>(
                    new PieceStream(bytes),
                    new RespParser(Limits)
                );
                Drain(reader);
                var taken = GC.GetAllocatedBytesForCurrentThread() - before;
                // The buffer, the levels, and a fault with its stack.
                Assert.InRange(taken, 0, (1 << 16) + 30_000 + (20 * bytes.Length));
            }
        );

    [Theory]
    [InlineData("$1000000\r\nabc")]
    [InlineData("*1000000\r\n:1\r\n")]
    [InlineData("*1000000\r\n*1000000\r\n*1000000\r\n*1000000\r\n")]
    public void What_is_only_announced_takes_no_memory(string text)
    {
        var bytes = GoldenReplies.Bytes(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Drain(new WireReader<RespValue>(new PieceStream(bytes), new RespParser(Limits)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1 << 16) + 5000);
    }

    [Fact]
    public void Broken_answers_of_memcached_are_the_same_in_any_pieces()
    {
        string[] parts =
        [
            "HD",
            "VA",
            "EN",
            " ",
            "\r\n",
            "5",
            "0",
            "c12",
            "t-1",
            "f7",
            "W",
            "X",
            "Z",
            "abc",
            "\n",
            "NS",
            "\0",
        ];
        Check(
            5000,
            random =>
            {
                var text = string.Concat(random.GetItems(parts, random.Next(30)));
                var bytes = GoldenReplies.Bytes(text);
                var whole = ReadMeta(new PieceStream(bytes));
                Assert.Equal(whole, ReadMeta(new PieceStream(bytes, RandomReply.Pieces(random))));
            }
        );
    }

    [Fact]
    public async Task A_server_that_sends_anything_leaves_no_command_waiting()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var answer = Encoding.Latin1.GetString(RandomReply.Broken(random));
            await using var server = new FakeServer(async peer =>
            {
                await peer.GreetAsync();
                if (peer.Number == 1)
                {
                    await peer.CommandAsync();
                    await peer.SendAsync(answer);
                }
            });
            await using var client = await Clients.ConnectAsync(server);
            var batch = new RedisBatch();
            for (var i = 0; i < 5; i++)
            {
                batch.Add("GET", $"k{i}");
            }

            await client.SendAsync(batch, Clients.Stop);
            for (var i = 0; i < 5; i++)
            {
                Assert.True(batch[i].Failure is not null || batch[i].Source is not null);
            }
        }
    }

    private static void Check(int times, Action<Random> holds) =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    holds(new Random(seed));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithQuietOnSuccess(true));

    private static (List<string> Shown, bool IsFault) Read(PieceStream stream)
    {
        var shown = new List<string>();
        try
        {
            var reader = new WireReader<RespValue>(stream, new RespParser(Limits));
            while (ReadNow(reader))
            {
                while (reader.TryTake(out var value))
                {
                    shown.Add(GoldenReplies.Show(value));
                }
            }

            return (shown, false);
        }
        catch (WireProtocolException)
        {
            return (shown, true);
        }
    }

    private static List<string> ReadMeta(PieceStream stream)
    {
        var shown = new List<string>();
        try
        {
            var reader = new WireReader<MemcachedReply>(stream, new MetaParser(1000));
            while (ReadNow(reader))
            {
                while (reader.TryTake(out var value))
                {
                    shown.Add(
                        $"{value.Status} {value.Cas} {value.Ttl} {Encoding.Latin1.GetString(value.Value.Span)}"
                    );
                }
            }
        }
        catch (WireProtocolException)
        {
            shown.Add("fault");
        }

        return shown;
    }

    private static void Drain(WireReader<RespValue> reader)
    {
        try
        {
            while (ReadNow(reader))
            {
                while (reader.TryTake(out _)) { }
            }
        }
        catch (WireProtocolException)
        {
            // Refused.
        }
    }

    /// <summary>The pieces are all there: nothing is waited for.</summary>
    private static bool ReadNow<T>(WireReader<T> reader)
    {
        var reading = reader.ReadAsync().AsTask();
        Assert.True(reading.IsCompletedSuccessfully);
        return reading.GetAwaiter().GetResult();
    }
}
