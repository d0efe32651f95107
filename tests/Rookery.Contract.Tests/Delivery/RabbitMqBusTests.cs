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

    /// <summary>A note of how far a consumer is is a commit, for which every other one waits: one for each message would cost a post as many as it has consumers.</summary>
    [Fact]
    public async Task What_is_applied_is_noted_for_many_messages_at_once()
    {
        const int messages = 200;
        await using var rig = new RabbitMqBusRig(RabbitMqBusRig.SharedAsync);
        var gate = new Gate();
        var consumer = new ScriptedConsumer("noting", gate.PassAsync);
        await rig.StartAsync([consumer]);
        // The relay makes a message of what it finds at once: each of these is found alone.
        for (var number = 1; number <= messages; number++)
        {
            var sent = await RabbitMqSteps.CommitAsync(rig, 1);
            await RabbitMqSteps.PublishedThroughAsync(rig, sent[^1]);
        }

        var last = await rig.Outbox.LastSequenceAsync(Stop);
        Assert.Equal(0, Notes());
        gate.Open();
        await RabbitMqSteps.AppliedThroughAsync(rig, last);
        Assert.Equal(messages, consumer.Applied.Count);
        Assert.InRange(Notes(), 1, messages / 4);

        int Notes() => CountedOutbox.CallsOf(rig.Outbox, nameof(rig.Outbox.AddAppliedAsync));
    }
}
