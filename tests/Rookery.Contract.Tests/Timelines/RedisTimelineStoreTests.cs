namespace Rookery.Contract.Tests.Timelines;

public sealed class RedisTimelineStoreTests : TimelineStoreContract
{
    protected override TimelineRig Open() => new RedisRig(RedisClients.Single());
}

public sealed class RedisClusterTimelineStoreTests : TimelineStoreContract
{
    protected override TimelineRig Open() => new RedisRig(RedisClients.Cluster());
}
