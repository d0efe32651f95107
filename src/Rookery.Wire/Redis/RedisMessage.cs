namespace Rookery.Wire.Redis;

/// <summary>What a subscriber is told.</summary>
public enum RedisMessageKind
{
    /// <summary>From now on every message is heard. Told once in the beginning, and again after each <see cref="Interrupted"/>.</summary>
    Listening,

    /// <summary>A message was published.</summary>
    Message,

    /// <summary>Messages may be missed from some moment before now until the next <see cref="Listening"/>.</summary>
    Interrupted,
}

/// <summary>One thing that a subscriber is told, in the order in which it happened.</summary>
/// <param name="Payload">what was published; empty where nothing was</param>
public readonly record struct RedisMessage(RedisMessageKind Kind, ReadOnlyMemory<byte> Payload);
