using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>What became of one command: what a server answered (which may be an error of its own), or why there is no answer.</summary>
public readonly struct RedisReply
{
    private readonly RespValue _value;

    internal RedisReply(RespValue value, RedisSource? source)
    {
        _value = value;
        Source = source;
    }

    internal RedisReply(WireUnavailableException failure) => Failure = failure;

    /// <summary>Why there is no answer; null when there is one.</summary>
    public WireUnavailableException? Failure { get; }

    /// <summary>Who answered; null when nobody did.</summary>
    public RedisSource? Source { get; }

    /// <summary>The server's answer, an error among them.</summary>
    /// <exception cref="WireUnavailableException">There is none.</exception>
    public RespValue Value => Failure is null ? _value : throw Failure;

    /// <summary>The server's answer, when it is no error.</summary>
    /// <exception cref="WireUnavailableException">There is none.</exception>
    /// <exception cref="RespErrorException">The server refused the command or failed in it.</exception>
    public RespValue OrThrow() => Value.OrThrow();

    internal bool IsError => Failure is null && _value.IsError;

    internal RespValue Unchecked => _value;
}
