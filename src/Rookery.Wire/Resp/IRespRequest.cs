using Rookery.Wire.Redis;

namespace Rookery.Wire.Resp;

/// <summary>Commands of Redis.</summary>
internal interface IRespRequest : IWireRequest<RespValue, RedisSource>;
