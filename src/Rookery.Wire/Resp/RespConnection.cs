using Rookery.Wire.Redis;

namespace Rookery.Wire.Resp;

/// <summary>A connection that speaks RESP. Messages that are no replies are told as they come.</summary>
internal sealed class RespConnection : WireConnection<RespValue, RedisSource>
{
    private readonly Action<RespValue>? _pushed;

    /// <param name="pushed">called on the reading loop for every message that is no reply; it must return at once</param>
    public RespConnection(
        WireSocket socket,
        RedisSource source,
        RespLimits limits,
        WireConnectionOptions options,
        Action<RespValue>? pushed = null
    )
        : base(socket, source, new RespParser(limits), options)
    {
        _pushed = pushed;
        Begin();
    }

    protected override IWireRequest<RespValue, RedisSource> Ping => RespPing.Instance;

    /// <summary>From now on replies come from another source; commands in flight keep the old one.</summary>
    public void Renew(RedisSource source) => Replace(source);

    protected override void Retire(RedisSource source) => source.Retire();

    protected override bool Took(in RespValue reply, IWireRequest<RespValue, RedisSource>? next)
    {
        if (reply.Kind != RespKind.Push || (next is IRespPushed asked && asked.IsReply(reply)))
        {
            return false;
        }

        _pushed?.Invoke(reply);
        return true;
    }
}
