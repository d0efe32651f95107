using System.Text;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

public sealed class RedisCommandTests
{
    [Fact]
    public void A_command_is_an_array_of_strings()
    {
        Assert.Equal("*1\r\n$4\r\nPING\r\n", Sent(RedisCommand.Keyless("PING")));
        Assert.Equal(
            "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\n\u00c3\u00a9\r\n\r\n$2\r\nPX\r\n$5\r\n60000\r\n",
            Sent(RedisCommand.Of("SET", "k", "é\r\n", "PX", 60_000))
        );
    }

    [Fact]
    public void Arguments_are_bytes_texts_and_numbers()
    {
        var bytes = new byte[] { 0, 255, 13, 10 };
        Assert.Equal(
            "*9\r\n$5\r\nRPUSH\r\n$1\r\nk\r\n$4\r\n\0\u00ff\r\n\r\n$2\r\n\u00ff\r\r\n$0\r\n\r\n$20\r\n-9223372036854775808\r\n$1\r\n0\r\n$4\r\n-0.5\r\n$0\r\n\r\n",
            Sent(
                RedisCommand.Of(
                    "RPUSH",
                    "k",
                    bytes,
                    bytes.AsMemory(1, 2),
                    "",
                    long.MinValue,
                    0,
                    -0.5,
                    default(ReadOnlyMemory<byte>)
                )
            )
        );
    }

    [Fact]
    public void A_batch_has_its_commands_one_behind_the_other()
    {
        var batch = new RedisBatch();
        Assert.Equal(0, batch.Add("LPUSHX", "l"u8, "v"u8));
        Assert.Equal(1, batch.Add("LRANGE", "l", 0, -1));
        Assert.Equal(2, batch.AddKeyless("INFO", "replication"));
        Assert.Equal(3, batch.Add(RedisCommand.Of("GET", "g")));
        Assert.Equal(
            "*3\r\n$6\r\nLPUSHX\r\n$1\r\nl\r\n$1\r\nv\r\n"
                + "*4\r\n$6\r\nLRANGE\r\n$1\r\nl\r\n$1\r\n0\r\n$2\r\n-1\r\n"
                + "*2\r\n$4\r\nINFO\r\n$11\r\nreplication\r\n"
                + "*2\r\n$3\r\nGET\r\n$1\r\ng\r\n",
            Encoding.Latin1.GetString(batch.BytesOf(0, 3))
        );
        batch.Clear();
        batch.Add("DEL", "x");
        Assert.Equal(
            "*2\r\n$3\r\nDEL\r\n$1\r\nx\r\n",
            Encoding.Latin1.GetString(batch.BytesOf(0, 0))
        );
    }

    [Theory]
    [InlineData("123456789", 12739)]
    [InlineData("foo", 12182)]
    [InlineData("bar", 5061)]
    [InlineData("", 0)]
    [InlineData("{user1000}.following", 3443)]
    [InlineData("{user1000}.followers", 3443)]
    [InlineData("user1000", 3443)]
    [InlineData("foo{bar}{zap}", 5061)]
    public void The_slot_of_a_key_is_what_the_specification_says(string key, int slot)
    {
        Assert.Equal(slot, KeySlot.Of(Encoding.UTF8.GetBytes(key)));
        Assert.Equal(slot, RedisCommand.Of("GET", key).Slot);
    }

    [Theory]
    [InlineData("foo{}{bar}", "foo{}{bar}")]
    [InlineData("foo{{bar}}zap", "{bar")]
    [InlineData("foo{bar", "foo{bar")]
    public void Braces_count_when_something_stands_in_them(string key, string hashed)
    {
        Assert.Equal(Crc16(hashed) % KeySlot.Count, KeySlot.Of(Encoding.UTF8.GetBytes(key)));
    }

    private static string Sent(RedisCommand command) =>
        Encoding.Latin1.GetString(command.Bytes.Span);

    /// <summary>Bit by bit, as the specification describes it.</summary>
    private static int Crc16(string text)
    {
        var crc = 0;
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            crc ^= value << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = ((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
            }
        }

        return crc;
    }
}
