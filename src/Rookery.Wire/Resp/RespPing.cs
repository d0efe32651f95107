using Rookery.Wire.Redis;

namespace Rookery.Wire.Resp;

/// <summary>Asks whether the server is there; that it answers, or not, is the connection's to notice.</summary>
internal sealed class RespPing : IRespRequest
{
    public static RespPing Instance { get; } = new();

    public void Write(WireBuffer buffer, int first, int count) => buffer.BeginCommand("PING", 0);

    public void Reply(int position, in RespValue value, RedisSource source) { }

    public void Fail(int first, int count, WireUnavailableException failure) { }
}
