using Rookery.Adapters.Memory;
using Rookery.Contract.Tests.Timelines;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Limits;

public sealed class MemoryRateLimitsTests : RateLimitsContract
{
    protected override LimitsRig Open() => new Rig();

    private sealed class Rig : LimitsRig
    {
        private readonly FakeTime _time = new();

        public Rig() => Limits = new MemoryRateLimits(_time);

        public override IRateLimits Limits { get; }

        public override ValueTask PassAsync(TimeSpan time)
        {
            _time.Advance(time);
            return ValueTask.CompletedTask;
        }
    }
}

public sealed class RedisRateLimitsTests : RateLimitsContract
{
    protected override LimitsRig Open() => new RedisLimitsRig(RedisClients.Single());
}

public sealed class RedisClusterRateLimitsTests : RateLimitsContract
{
    protected override LimitsRig Open() => new RedisLimitsRig(RedisClients.Cluster());
}
