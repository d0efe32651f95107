using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>Slots that follow each other, both ends included.</summary>
public readonly record struct SlotRange(int First, int Last);

/// <summary>A master and slots of it, as CLUSTER SLOTS tells.</summary>
internal readonly record struct OwnedRange(SlotRange Slots, WireEndpoint Owner)
{
    /// <summary>Null when the reply is not what CLUSTER SLOTS gives, or tells of no slot.</summary>
    public static List<OwnedRange>? ReadAll(in RedisReply reply)
    {
        if (reply.Failure is not null || reply.Unchecked.Kind != RespKind.Array)
        {
            return null;
        }

        var ranges = new List<OwnedRange>();
        foreach (var item in reply.Unchecked)
        {
            if (!TryRead(item, reply.Source!.Endpoint.Host, out var range))
            {
                return null;
            }

            ranges.Add(range);
        }

        return ranges.Count > 0 ? ranges : null;
    }

    /// <summary>First slot, last slot, the master, its replicas. A master without a host is at the one that was asked.</summary>
    private static bool TryRead(RespValue item, string asked, out OwnedRange range)
    {
        range = default;
        if (
            item.Kind != RespKind.Array
            || item.Count < 3
            || item[0].Kind != RespKind.Integer
            || item[1].Kind != RespKind.Integer
            || item[2] is not { Kind: RespKind.Array, Count: >= 2 } master
            || master[1].Kind != RespKind.Integer
        )
        {
            return false;
        }

        var (first, last) = (item[0].AsInteger(), item[1].AsInteger());
        var host = master[0].Kind is RespKind.BulkString or RespKind.SimpleString
            ? master[0].AsText()
            : "";
        range = new OwnedRange(
            new SlotRange((int)first, (int)last),
            new WireEndpoint(host is "" or "?" ? asked : host, (int)master[1].AsInteger())
        );
        return first >= 0 && first <= last && last < KeySlot.Count;
    }
}
