using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>One command, as the bytes that are sent, and the slot of its key. Many at once: <see cref="RedisBatch"/>.</summary>
public readonly struct RedisCommand
{
    private RedisCommand(byte[] bytes, int slot) => (Bytes, Slot) = (bytes, slot);

    internal ReadOnlyMemory<byte> Bytes { get; }

    internal int Slot { get; }

    /// <summary>A command whose first argument is its key, as of nearly all: <c>Of("SET", key, value, "PX", 60_000)</c>.</summary>
    public static RedisCommand Of(string name, RedisArg key, params ReadOnlySpan<RedisArg> more)
    {
        var buffer = new WireBuffer();
        buffer.BeginCommand(name, more.Length + 1);
        var slot = WriteKey(buffer, key);
        return Finish(buffer, slot, more);
    }

    /// <summary>A command that goes where a key is that is not its first argument: <c>At(key, "EVAL", script, 1, key)</c>.</summary>
    public static RedisCommand At(
        RedisArg key,
        string name,
        params ReadOnlySpan<RedisArg> arguments
    )
    {
        var slot = WriteKey(new WireBuffer(), key);
        return Begin(name, slot, arguments);
    }

    /// <summary>A command of no key, which any node may run: <c>Keyless("INFO", "replication")</c>.</summary>
    public static RedisCommand Keyless(string name, params ReadOnlySpan<RedisArg> arguments) =>
        Begin(name, KeySlot.None, arguments);

    /// <summary>Appends the key as a string, and tells its slot.</summary>
    internal static int WriteKey(WireBuffer buffer, RedisArg key)
    {
        var before = buffer.Length;
        key.WriteTo(buffer);
        var written = buffer.Span[before..];
        return KeySlot.Of(written[(written.IndexOf((byte)'\n') + 1)..^2]);
    }

    private static RedisCommand Begin(string name, int slot, ReadOnlySpan<RedisArg> arguments)
    {
        var buffer = new WireBuffer();
        buffer.BeginCommand(name, arguments.Length);
        return Finish(buffer, slot, arguments);
    }

    private static RedisCommand Finish(
        WireBuffer buffer,
        int slot,
        ReadOnlySpan<RedisArg> arguments
    )
    {
        foreach (ref readonly var argument in arguments)
        {
            argument.WriteTo(buffer);
        }

        return new RedisCommand(buffer.Span.ToArray(), slot);
    }
}
