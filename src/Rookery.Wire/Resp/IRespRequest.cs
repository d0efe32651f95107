using Rookery.Wire.Redis;

namespace Rookery.Wire.Resp;

/// <summary>
/// One or more commands on one connection. Each position gets exactly one of <see cref="Reply"/> and <see cref="Fail"/>. All three are
/// called from the connection's own loops or under its lock: they return at once and never call back.
/// </summary>
internal interface IRespRequest
{
    /// <summary>Appends commands that give one reply for each position from the first on.</summary>
    void Write(RespBuffer buffer, int first, int count);

    void Reply(int position, in RespValue value, RedisSource source);

    void Fail(int first, int count, WireUnavailableException failure);
}
