using System.Globalization;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// A master and its slots, as it says itself. <paramref name="ReplicationId"/> names its stream of writes: a replica that takes over, and a server that
/// starts anew, have another. <paramref name="Stamp"/> is what stands in its own memory, where whoever copies that copies it.
/// </summary>
/// <param name="TookOver">It was a replica once.</param>
internal sealed record Shard(
    RedisSource Source,
    IReadOnlyList<SlotRange> Slots,
    string ReplicationId,
    bool TookOver,
    ShardStamp? Stamp
)
{
    private const string NoId = "0000000000000000000000000000000000000000";

    public bool IsWhole => Stamp?.ReplicationId == ReplicationId;

    /// <param name="info">The answer to INFO replication.</param>
    /// <returns>Null where it is no master.</returns>
    public static Shard? Read(
        RedisSource source,
        IReadOnlyList<SlotRange> slots,
        string info,
        ShardStamp? stamp
    )
    {
        var fields = info.Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => line.Split(':', 2))
            .Where(field => field.Length == 2)
            .ToDictionary(field => field[0], field => field[1]);
        return
            fields.GetValueOrDefault("role") == "master"
            && fields.TryGetValue("master_replid", out var id)
            ? new Shard(
                source,
                slots,
                id,
                fields.GetValueOrDefault("master_replid2", NoId) != NoId,
                stamp
            )
            : null;
    }
}

/// <summary>Up to which event of each outbox all was applied when the stream of writes was this one.</summary>
internal sealed record ShardStamp(string ReplicationId, IReadOnlyList<long> AppliedThrough)
{
    public override string ToString() =>
        string.Join(' ', [ReplicationId, .. AppliedThrough.Select(InWords)]);

    public static ShardStamp? Read(string text)
    {
        var words = text.Split(' ');
        var through = new long[words.Length - 1];
        for (var i = 0; i < through.Length; i++)
        {
            if (
                !long.TryParse(
                    words[i + 1],
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out through[i]
                )
            )
            {
                return null;
            }
        }

        return through.Length > 0 ? new ShardStamp(words[0], through) : null;
    }

    /// <summary>Of each outbox the later of both.</summary>
    public IReadOnlyList<long> Later(IReadOnlyList<long> applied) =>
        applied.Count == AppliedThrough.Count
            ? [.. applied.Zip(AppliedThrough, Math.Max)]
            : applied;

    private static string InWords(long number) => number.ToString(CultureInfo.InvariantCulture);
}
