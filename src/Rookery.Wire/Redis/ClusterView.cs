using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>Who has what, as one node of a cluster sees it.</summary>
/// <param name="IsOk">The node is not cut off from the majority: its view counts.</param>
internal sealed record ClusterView(bool IsOk, List<OwnedRange> Ranges)
{
    private static readonly RedisCommand Slots = RedisCommand.Keyless("CLUSTER", "SLOTS");
    private static readonly RedisCommand Info = RedisCommand.Keyless("CLUSTER", "INFO");

    /// <summary>Null when it does not answer, not in time, or knows of no slot.</summary>
    public static async Task<ClusterView?> OfAsync(
        RedisNode node,
        TimeSpan longest,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var info = node.SendAsync(new RespCall(Info.Bytes), stop);
        var slots = node.SendAsync(new RespCall(Slots.Bytes), stop);
        try
        {
            var both = await Task.WhenAll(info, slots).WaitAsync(longest, time, stop);
            return OwnedRange.ReadAll(both[1]) is { } ranges
                ? new ClusterView(SaysOk(both[0]), ranges)
                : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static bool SaysOk(in RedisReply info) =>
        info is { Failure: null }
        && info.Unchecked.Kind is RespKind.BulkString or RespKind.VerbatimString
        && info.Unchecked.Span.IndexOf("cluster_state:ok"u8) >= 0;
}
