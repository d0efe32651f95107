using Rookery.Wire;
using Rookery.Wire.Redis;
using Rookery.Wire.Resp;

namespace Rookery.Adapters.Redis;

/// <summary>Which faults say that Redis cannot be used now: they are waited out. All others are errors.</summary>
internal static class Unavailable
{
    private static readonly HashSet<string> States =
    [
        "OOM",
        "NOREPLICAS",
        "READONLY",
        "LOADING",
        "MISCONF",
        "CLUSTERDOWN",
        "MASTERDOWN",
        "TRYAGAIN",
        "BUSY",
        "MOVED",
        "ASK",
        "NOAUTH",
        "NOPERM",
        "WRONGPASS",
    ];

    public static bool Is(WireException fault) =>
        fault is not RespErrorException error || States.Contains(error.Code);

    /// <param name="parts">null: all of it</param>
    public static StoreUnavailableException Because(
        WireException fault,
        IReadOnlyList<string>? parts = null
    ) => new($"Redis cannot be used now: {fault.Message}", fault) { Parts = parts ?? [] };

    /// <summary>Null where the server did what it was told.</summary>
    public static WireException? FaultOf(in RedisReply reply) =>
        reply.Failure is { } failure ? failure
        : reply.Value.IsError ? new RespErrorException(reply.Value.AsText())
        : null;
}
