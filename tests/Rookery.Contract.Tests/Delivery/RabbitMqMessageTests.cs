using System.Collections.Concurrent;
using System.Text;
using RabbitMQ.Client;
using Rookery.Adapters.RabbitMq;
using Rookery.Delivery;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>What the bus does with single messages on a broker that is well: bad ones, large ones, ones that nobody finishes.</summary>
public sealed class RabbitMqMessageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_over_which_processes_end_is_a_dead_letter_and_its_neighbours_are_applied()
    {
        const int Limit = 2;
        await using var rig = Rig(options =>
            (options.DeliveryLimit, options.EventsPerMessage) = (Limit, 4)
        );
        var lives = new List<ScriptedConsumer>();
        List<long> all = [];
        IReadOnlyList<DeadLetter> letters = [];
        while (letters.Count == 0)
        {
            Assert.True(lives.Count < 10, rig.Log.Text);
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
                    return begun.Task.IsCompleted || letters.Count > 0;
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
        // As one of four, then alone; once more from the start where the broker was so slow that its queue was taken for lost.
        const int tries = (Limit + 1) + Limit;
        Assert.InRange(lives.Sum(life => life.TriesOf(all[2])), tries, 2 * tries);

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
    public async Task Messages_that_nobody_can_read_are_shown_and_hold_nobody_up()
    {
        await using var rig = Rig(options => options.MaxMessageBytes = 4096);
        var consumer = new ScriptedConsumer("reader");
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 3);
        await AppliedThroughAsync(rig, all[^1]);

        await PublishAsync(rig, "reader", StretchMessage.Type, "no JSON at all");
        await PublishAsync(
            rig,
            "reader",
            StretchMessage.Type,
            """{"after":9,"through":1,"events":[]}"""
        );
        await PublishAsync(rig, "reader", "rookery.stretch.v99", """{"after":0,"through":3}""");
        await PublishAsync(rig, "reader", StretchMessage.Type, new string('x', 5000));
        all.AddRange(await CommitAsync(rig, 3));
        await AppliedThroughAsync(rig, all[^1]);

        var letters = await LettersAsync(rig, 4);
        Assert.All(
            letters,
            letter =>
            {
                Assert.Equal(("reader", "rabbitmq.message"), (letter.Consumer, letter.Event.Name));
                Assert.True(letter.Event.Sequence < 0);
                Assert.Contains("bytes and type", letter.Error, StringComparison.Ordinal);
            }
        );
        Assert.Contains(letters, letter => letter.Error.Contains("v99", StringComparison.Ordinal));
        Assert.Contains(
            "no JSON at all",
            letters.Select(letter => Encoding.UTF8.GetString(letter.Event.Payload.Span))
        );
        Assert.Equal(all, consumer.Applied);
    }

    [Fact]
    public async Task An_event_of_a_later_version_is_a_dead_letter_and_its_neighbours_are_applied()
    {
        await using var rig = Rig();
        var consumer = new ScriptedConsumer("older");
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 1);
        await AppliedThroughAsync(rig, all[0]);
        var known = TestDatabase.Events.Write(new Committed(all[0] + 2, EventBusRig.Event(2)));
        var message = new StretchMessage(
            new SequenceRange(all[0], all[0] + 2),
            [known with { Sequence = all[0] + 1, Version = 99 }, known]
        );
        await PublishAsync(
            rig,
            "older",
            StretchMessage.Type,
            Encoding.UTF8.GetString(message.Write().Span)
        );
        await AppliedThroughAsync(rig, all[0] + 2);
        Assert.Equal([all[0], all[0] + 2], consumer.Applied);
        var letter = Assert.Single(await LettersAsync(rig, 1));
        Assert.Equal(
            ("older", all[0] + 1, 99),
            (letter.Consumer, letter.Event.Sequence, letter.Event.Version)
        );
    }

    [Fact]
    public async Task What_comes_again_after_the_position_has_passed_it_is_let_go()
    {
        await using var rig = Rig();
        var consumer = new ScriptedConsumer("once");
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 5);
        await AppliedThroughAsync(rig, all[^1]);
        var again = new StretchMessage(
            new SequenceRange(0, all[^1] + 1),
            [.. all.Append(all[^1] + 1).Select(Row)]
        );
        await PublishAsync(
            rig,
            "once",
            StretchMessage.Type,
            Encoding.UTF8.GetString(again.Write().Span)
        );
        await AppliedThroughAsync(rig, all[^1] + 1);
        Assert.All(all, one => Assert.Equal(1, consumer.TriesOf(one)));
        Assert.Equal(1, consumer.TriesOf(all[^1] + 1));

        static OutboxRow Row(long sequence) =>
            TestDatabase.Events.Write(new Committed(sequence, EventBusRig.Event(sequence)));
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

    private static RabbitMqBusRig Rig(Action<RabbitMqOptions>? configure = null) =>
        new(RabbitMqBusRig.SharedAsync, configure);

    private static async Task<List<long>> CommitAsync(EventBusRig rig, int count) =>
        [
            .. (
                await rig.CommitAsync([
                    .. Enumerable
                        .Range(1, count)
                        .Select(number => (DomainEvent)EventBusRig.Event(number)),
                ])
            ).Select(committed => committed.Sequence),
        ];

    private static Task AppliedThroughAsync(RabbitMqBusRig rig, long through) =>
        Wait.UntilAsync(
            async () =>
            {
                rig.Pass(TimeSpan.FromMilliseconds(200));
                return await rig.Bus.AppliedThroughAsync(Stop) >= through;
            },
            () => rig.Log.Text,
            Stop
        );

    private static async Task<IReadOnlyList<DeadLetter>> LettersAsync(RabbitMqBusRig rig, int count)
    {
        IReadOnlyList<DeadLetter> letters = [];
        await Wait.UntilAsync(
            async () => (letters = await rig.Outbox.DeadLettersAsync(Stop)).Count >= count,
            () => rig.Log.Text,
            Stop
        );
        return letters;
    }

    private static Task PublishAsync(
        RabbitMqBusRig rig,
        string consumer,
        string type,
        string body
    ) =>
        InChannelAsync(
            rig,
            channel =>
                channel
                    .BasicPublishAsync(
                        "",
                        rig.QueueOf(consumer),
                        mandatory: true,
                        new BasicProperties { Type = type },
                        Encoding.UTF8.GetBytes(body),
                        Stop
                    )
                    .AsTask()
        );

    private static async Task InChannelAsync(RabbitMqBusRig rig, Func<IChannel, Task> work)
    {
        var factory = new ConnectionFactory { Uri = new Uri(rig.Uri) };
        await using var connection = await factory.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true),
            Stop
        );
        await work(channel);
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
