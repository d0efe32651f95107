using System.Collections.Concurrent;
using System.Text;
using Rookery.Adapters.RabbitMq;
using Rookery.Delivery;
using Rookery.TestKit;
using Xunit;
using static Rookery.Contract.Tests.Delivery.RabbitMqSteps;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>What the bus does with messages that are none of its own, or not as they must be, on a broker that is well.</summary>
public sealed class RabbitMqBadMessageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
        string[] reasons =
        [
            "of 14 bytes and type \"rookery.stretch.v1\" is not what its type says",
            "of 35 bytes and type \"rookery.stretch.v1\" is not what its type says",
            "type \"rookery.stretch.v99\" is none that this version can read",
            "of 5000 bytes and type \"rookery.stretch.v1\" is larger than RabbitMq:MaxMessageBytes, which is 4096",
        ];
        Assert.All(
            reasons,
            reason =>
                Assert.Contains(
                    letters,
                    letter => letter.Error.Contains(reason, StringComparison.Ordinal)
                )
        );
        Assert.Contains(
            "no JSON at all",
            letters.Select(letter => Encoding.UTF8.GetString(letter.Event.Payload.Span))
        );
        Assert.Equal(all, consumer.Applied);
    }

    /// <summary>PostgreSQL has no text with such characters, and no operator's terminal should get them.</summary>
    [Fact]
    public async Task Messages_with_control_characters_in_their_names_are_shown_and_hold_nobody_up()
    {
        await using var rig = Rig();
        var consumer = new ScriptedConsumer("reader");
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 3);
        await AppliedThroughAsync(rig, all[^1]);

        await PublishAsync(rig, "reader", "ab\0c\u001b[2J", "hello");
        await PublishAsync(
            rig,
            "reader",
            StretchMessage.Type,
            """{"after":0,"through":3,"events":[{"sequence":3,"name":"a\u0000b","version":1,"payload":{}}]}"""
        );
        all.AddRange(await CommitAsync(rig, 3));
        await AppliedThroughAsync(rig, all[^1]);

        var letters = await LettersAsync(rig, 2);
        Assert.All(letters, letter => Assert.Equal("rabbitmq.message", letter.Event.Name));
        Assert.All(letters, letter => Assert.DoesNotContain(letter.Error, char.IsControl));
        Assert.Contains(
            letters,
            letter => letter.Error.Contains("ab\\u0000c", StringComparison.Ordinal)
        );
        Assert.Equal(all, consumer.Applied);
    }

    [Fact]
    public async Task A_message_about_events_that_the_outbox_does_not_have_is_shown_and_skips_nothing()
    {
        await using var rig = Rig();
        var consumer = new ScriptedConsumer("counts");
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 3);
        await AppliedThroughAsync(rig, all[^1]);

        await PublishAsync(
            rig,
            "counts",
            StretchMessage.Type,
            """{"after":0,"through":9000000,"events":[]}"""
        );
        var letter = Assert.Single(await LettersAsync(rig, 1));
        Assert.Equal(("counts", "rabbitmq.message"), (letter.Consumer, letter.Event.Name));
        Assert.Contains("9000000", letter.Error, StringComparison.Ordinal);
        Assert.Equal(all[^1], await rig.Bus.AppliedThroughAsync(Stop));

        all.AddRange(await CommitAsync(rig, 3));
        await AppliedThroughAsync(rig, all[^1]);
        Assert.Equal(all, consumer.Applied);
    }

    [Fact]
    public async Task A_message_that_the_bus_cannot_handle_however_often_is_set_aside_and_holds_nobody_up()
    {
        await using var rig = Rig();
        var consumer = new NeverSizedConsumer(EventBusRig.Event(2));
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 1);
        await AppliedThroughAsync(rig, all[^1]);
        all.AddRange(await CommitAsync(rig, 2));
        await AppliedThroughAsync(rig, all[^1]);
        all.AddRange(await CommitAsync(rig, 1));
        await AppliedThroughAsync(rig, all[^1]);
        Assert.Equal(all, consumer.Applied);
        Assert.Contains("is set aside", rig.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_a_later_version_is_a_dead_letter_and_its_neighbours_are_applied()
    {
        await using var rig = Rig();
        var gate = new Gate();
        var consumer = new ScriptedConsumer("older", gate.PassAsync);
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 1);
        await PublishedThroughAsync(rig, all[0]);
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
        // As the outbox has them they come behind that, and are let go.
        await CommitAsync(rig, 2);
        gate.Open();
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
        var gate = new Gate();
        var consumer = new ScriptedConsumer("once", gate.PassAsync);
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 5);
        await PublishedThroughAsync(rig, all[^1]);
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
        all.AddRange(await CommitAsync(rig, 1));
        gate.Open();
        await AppliedThroughAsync(rig, all[^1]);
        Assert.All(all, one => Assert.Equal(1, consumer.TriesOf(one)));

        static OutboxRow Row(long sequence) =>
            TestDatabase.Events.Write(new Committed(sequence, EventBusRig.Event(sequence)));
    }

    /// <summary>It never says whether this event is much work.</summary>
    private sealed class NeverSizedConsumer(DomainEvent never) : IEventConsumer
    {
        private readonly ConcurrentQueue<long> _applied = new();

        public string Name => "sized";

        public bool HasLanes => true;

        public IEnumerable<long> Applied => _applied.Distinct().Order();

        public ValueTask<IReadOnlyList<Committed>> LargeAsync(
            IReadOnlyList<Committed> events,
            CancellationToken token
        ) =>
            events.Any(one => one.Event.Equals(never))
                ? throw new InvalidOperationException("It has no size.")
                : ValueTask.FromResult<IReadOnlyList<Committed>>([]);

        public Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
        {
            foreach (var happened in events)
            {
                _applied.Enqueue(happened.Sequence);
            }

            return Task.CompletedTask;
        }
    }
}
