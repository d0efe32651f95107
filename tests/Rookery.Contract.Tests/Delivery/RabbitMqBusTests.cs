using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

public sealed class RabbitMqBusTests : EventBusContract
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected override EventBusRig Open() => new RabbitMqBusRig(RabbitMqBusRig.SharedAsync);

    /// <summary>Both begin with sequence 1. Whoever took the other's for its own would let go what it then takes for applied.</summary>
    [Fact]
    public async Task Two_outboxes_on_one_broker_keep_to_their_own_events()
    {
        await using var one = Open();
        await using var other = Open();
        var (ours, theirs) = (new ScriptedConsumer("same"), new ScriptedConsumer("same"));
        await one.StartAsync([ours]);
        await other.StartAsync([theirs]);
        for (var round = 1; round <= 50; round++)
        {
            var sent = await one.CommitAsync([EventBusRig.Event(round)]);
            await Wait.UntilAsync(
                async () => await one.Bus.AppliedThroughAsync(Stop) >= sent[^1].Sequence,
                () => $"event {round} is applied",
                Stop
            );
            Assert.Equal(round, ours.Applied.Count);
        }

        Assert.Empty(theirs.Applied);
    }
}
