using System.Collections.Concurrent;
using Rookery.Delivery;
using Rookery.TestKit;
using Xunit;
using static Rookery.Contract.Tests.Delivery.RabbitMqSteps;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>What the bus does with single messages on a broker that is well: bad ones, large ones, ones that nobody finishes.</summary>
public sealed class RabbitMqMessageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_over_which_processes_end_is_a_dead_letter_and_its_neighbours_are_applied()
    {
        const int Limit = 2;
        // As one of four, then alone. Once more from the start where the broker was so slow that its queue was taken for lost.
        const int Tries = (Limit + 1) + Limit;
        const int Most = 4;
        await using var rig = Rig(options =>
            (options.DeliveryLimit, options.EventsPerMessage) = (Limit, 4)
        );
        var lives = new List<ScriptedConsumer>();
        List<long> all = [];
        IReadOnlyList<DeadLetter> letters = [];
        while (letters.Count == 0)
        {
            Assert.True(lives.Count < Most * Tries, rig.Log.Text);
            var begun = new TaskCompletionSource();
            var life = new ScriptedConsumer(
                "ends",
                async (happened, token) =>
                {
                    if (happened.Event == EventBusRig.Event(3))
                    {
                        begun.TrySetResult();
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                    }
                }
            );
            lives.Add(life);
            await rig.StartAsync([life]);
            all = all.Count > 0 ? all : await CommitAsync(rig, 9);
            await Wait.UntilAsync(
                async () =>
                {
                    letters = await rig.Outbox.DeadLettersAsync(Stop);
                    // What is published again meets its double: where a process ends over the one, the other counts it too, whatever it holds.
                    return letters.Count > 0
                        || (
                            begun.Task.IsCompleted
                            && await rig.Outbox.PublishedThroughAsync(Stop) >= all[^1]
                        );
                },
                () => rig.Log.Text,
                Stop
            );
            if (letters.Count == 0)
            {
                await rig.StopAsync();
            }
        }

        var letter = Assert.Single(letters);
        Assert.Equal(
            ("ends", all[2], "graph.followed", Limit),
            (letter.Consumer, letter.Event.Sequence, letter.Event.Name, letter.Attempts)
        );
        await AppliedThroughAsync(rig, all[^1]);
        Assert.Equal(
            all.Where(one => one != all[2]),
            lives.SelectMany(life => life.Applied).Distinct().Order()
        );
        Assert.Equal([all[2]], lives.SelectMany(life => life.GivenUp));
        Assert.InRange(lives.Sum(life => life.TriesOf(all[2])), Tries, Most * Tries);

        var mended = new ScriptedConsumer("ends");
        await rig.StartAsync([mended]);
        var again = rig.Bus.RedeliverAsync(
            "ends",
            new Committed(all[2], EventBusRig.Event(3)),
            Stop
        );
        Assert.Equal(Redelivery.Applied, await again);
    }

    [Fact]
    public async Task A_consumer_that_waits_for_longer_than_a_message_may_be_held_never_loses_it()
    {
        await using var rig = Rig(options => (options.HoldSeconds, options.DeliveryLimit) = (1, 1));
        var held = 0;
        var consumer = new ScriptedConsumer(
            "holds",
            async (_, token) =>
            {
                if (Volatile.Read(ref held) < 4)
                {
                    using var counted = token.Register(() => Interlocked.Increment(ref held));
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                }
            }
        );
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 5);
        await AppliedThroughAsync(rig, all[^1]);
        Assert.Equal(all, consumer.Applied);
        Assert.Empty(await rig.Outbox.DeadLettersAsync(Stop));
    }

    [Fact]
    public async Task What_somebody_emptied_out_of_a_queue_is_published_again()
    {
        await using var rig = Rig(options => options.RepairSeconds = 1);
        var gate = new Gate();
        var consumer = new ScriptedConsumer("emptied", gate.PassAsync);
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 2_000);
        await Wait.UntilAsync(
            async () => await rig.Outbox.PublishedThroughAsync(Stop) == all[^1],
            () => rig.Log.Text,
            Stop
        );
        await InChannelAsync(
            rig,
            async channel =>
                Assert.NotEqual(0u, await channel.QueuePurgeAsync(rig.QueueOf("emptied"), Stop))
        );
        gate.Open();
        await AppliedThroughAsync(rig, all[^1]);
        Assert.Equal(all, consumer.Applied);
        Assert.Contains("are published again", rig.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_somebody_deletes_is_made_anew_with_what_was_in_it()
    {
        await using var rig = Rig();
        var gate = new Gate();
        var consumer = new ScriptedConsumer("deleted", gate.PassAsync);
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 2_000);
        await Wait.UntilAsync(
            async () => await rig.Outbox.PublishedThroughAsync(Stop) == all[^1],
            () => rig.Log.Text,
            Stop
        );
        await InChannelAsync(
            rig,
            channel =>
                channel.QueueDeleteAsync(
                    rig.QueueOf("deleted"),
                    false,
                    false,
                    cancellationToken: Stop
                )
        );
        gate.Open();
        await AppliedThroughAsync(rig, all[^1]);
        Assert.Equal(all, consumer.Applied);
    }

    [Fact]
    public async Task Several_processes_share_the_events_of_a_consumer()
    {
        await using var rig = Rig(options => options.EventsPerMessage = 1);
        var (first, second) = (new ScriptedConsumer("shared"), new ScriptedConsumer("shared"));
        await rig.StartAsync([first]);
        await using var other = await rig.StartAnotherAsync([second]);
        // Until the other one is there, all goes to the first.
        List<long> all = [];
        while (second.Applied.Count < 100)
        {
            all.AddRange(await CommitAsync(rig, 100));
            await AppliedThroughAsync(rig, all[^1]);
        }

        Assert.NotEmpty(first.Applied);
        Assert.Equal(all, first.Applied.Concat(second.Applied).Order());
        Assert.Equal(all[^1], await other.Bus.AppliedThroughAsync(Stop));
    }

    [Fact]
    public async Task What_is_much_work_keeps_nothing_waiting_that_is_little()
    {
        await using var rig = Rig();
        var gate = new Gate();
        var consumer = new LanedConsumer(gate);
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 20);
        await AppliedThroughAsync(rig, all[9] - 1);
        Assert.Equal(18, consumer.Applied.Count);
        Assert.Equal(all[9] - 1, await rig.Bus.AppliedThroughAsync(Stop));
        gate.Open();
        await AppliedThroughAsync(rig, all[^1]);
        Assert.Equal(all, consumer.Applied.Order());
    }

    [Fact]
    public async Task The_queues_of_a_consumer_that_is_no_more_are_deleted()
    {
        await using var rig = Rig();
        await rig.StartAsync([new ScriptedConsumer("stays"), new ScriptedConsumer("leaves")]);
        var all = await CommitAsync(rig, 3);
        await AppliedThroughAsync(rig, all[^1]);
        await rig.StopAsync();
        await rig.StartAsync([new ScriptedConsumer("stays")]);
        all = await CommitAsync(rig, 3);
        await AppliedThroughAsync(rig, all[^1]);
        await InChannelAsync(
            rig,
            async channel =>
                await Assert.ThrowsAsync<RabbitMQ.Client.Exceptions.OperationInterruptedException>(
                    () =>
                        channel.QueueDeclarePassiveAsync(rig.QueueOf("leaves"), Stop)
                )
        );
    }

    /// <summary>Every tenth event is much work.</summary>
    private sealed class LanedConsumer(Gate gate) : IEventConsumer
    {
        private readonly ConcurrentQueue<long> _applied = new();

        public string Name => "laned";

        public bool HasLanes => true;

        public ConcurrentQueue<long> Applied => _applied;

        public ValueTask<IReadOnlyList<Committed>> LargeAsync(
            IReadOnlyList<Committed> events,
            CancellationToken token
        ) => ValueTask.FromResult<IReadOnlyList<Committed>>([.. events.Where(IsLarge)]);

        public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
        {
            foreach (var happened in events)
            {
                if (IsLarge(happened))
                {
                    await gate.PassAsync(happened, token);
                }

                _applied.Enqueue(happened.Sequence);
            }
        }

        private static bool IsLarge(Committed happened) =>
            ((Rookery.Graph.Followed)happened.Event).Followee.Value % 10 == 0;
    }
}
