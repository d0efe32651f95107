namespace Rookery.Wire.Resp;

/// <summary>A request that is answered by a push message, as subscribing is.</summary>
internal interface IRespPushed
{
    /// <summary>Asked while the request is the next to be answered.</summary>
    bool IsReply(in RespValue push);
}
