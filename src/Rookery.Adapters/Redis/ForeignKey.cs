using Rookery.Wire;
using Rookery.Wire.Resp;

namespace Rookery.Adapters.Redis;

/// <summary>
/// A key that holds what the store never puts there: of another type, or with elements that are none. It is as good as not there, and whoever meets it
/// takes it away: nothing in Redis is needed, while nothing here would ever mend it.
/// </summary>
internal static class ForeignKey
{
    public static bool Is(WireException fault) =>
        fault is RespShapeException or RespErrorException { Code: "WRONGTYPE" };

    /// <summary>What the key holds; null where it is not there, or holds something else.</summary>
    public static RespValue? OwnOf(in RespValue value) =>
        value.IsNull || (value.IsError && Is(new RespErrorException(value.AsText())))
            ? null
            : value.OrThrow();
}
