using System.Collections.Concurrent;
using Rookery.Delivery;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>What every event bus promises, together with the relay that publishes to it.</summary>
public abstract class EventBusContract : IAsyncDisposable
{
    private readonly EventBusRig _rig;

    protected EventBusContract() => _rig = Open();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract EventBusRig Open();

    [Fact]
    public async Task Every_consumer_gets_every_event()
    {
        ScriptedConsumer[] consumers = [new("one"), new("two"), new("three")];
        await _rig.StartAsync(consumers);
        var all = new List<long>();
        for (var group = 0; group < 20; group++)
        {
            all.AddRange(await CommitAsync(50));
        }

        await UntilAsync(() => consumers.All(consumer => consumer.Applied.Count == all.Count));
        Assert.All(consumers, consumer => Assert.Equal(all, consumer.Applied));
        Assert.Empty(await _rig.Outbox.DeadLettersAsync(Token));
    }

    [Fact]
    public async Task An_event_that_fails_for_a_while_is_applied_and_no_dead_letter()
    {
        var fails = new Failures(EventBusRig.Attempts - 1);
        var consumer = new ScriptedConsumer("unsteady", fails.On(number => number % 3 == 0));
        await _rig.StartAsync([consumer]);
        var all = await CommitAsync(9);
        await UntilAsync(() => consumer.Applied.Count == all.Count);
        Assert.Empty(await _rig.Outbox.DeadLettersAsync(Token));
    }

    [Fact]
    public async Task An_event_that_always_fails_is_a_dead_letter_and_blocks_nobody()
    {
        var fails = new Failures(int.MaxValue);
        var failing = new ScriptedConsumer("failing", fails.On(number => number is 3 or 6));
        var other = new ScriptedConsumer("other");
        await _rig.StartAsync([failing, other]);
        var all = await CommitAsync(9);
        await UntilAsync(() => failing.Applied.Count == 7 && other.Applied.Count == 9);
        var later = await CommitAsync(2);
        await UntilAsync(() => failing.Applied.Count == 9 && other.Applied.Count == 11);
        Assert.Equal(all.Concat(later), other.Applied);
        Assert.Equal(all.Concat(later).Except([all[2], all[5]]), failing.Applied);

        Assert.Equal([all[2], all[5]], failing.GivenUp);
        var letters = await LettersAsync(2);
        Assert.Equal(
            [("failing", all[2]), ("failing", all[5])],
            letters.Select(letter => (letter.Consumer, letter.Event.Sequence))
        );
        Assert.All(letters, letter => Assert.Equal(EventBusRig.Attempts, letter.Attempts));
        Assert.All(
            letters,
            letter => Assert.Contains("Meant to", letter.Error, StringComparison.Ordinal)
        );
        Assert.All(letters, letter => Assert.Equal("graph.followed", letter.Event.Name));
    }

    [Fact]
    public async Task A_consumer_all_of_whose_events_fail_keeps_no_other_from_any()
    {
        var failing = new ScriptedConsumer("failing", new Failures(int.MaxValue).On(_ => true));
        var other = new ScriptedConsumer("other");
        await _rig.StartAsync([failing, other]);
        var all = await CommitAsync(20);
        await UntilAsync(() => other.Applied.Count == all.Count);
        Assert.Equal(20, (await LettersAsync(20)).Count);
        Assert.Empty(failing.Applied);
    }

    [Fact]
    public async Task An_unreachable_store_is_waited_for_and_never_counts()
    {
        var unreachable = new Failures(
            4 * EventBusRig.Attempts,
            () => new StoreUnavailableException()
        );
        var waiting = new ScriptedConsumer("waiting", unreachable.On(number => number == 2));
        await _rig.StartAsync([waiting]);
        var all = await CommitAsync(4);
        await UntilAsync(() => waiting.Applied.Count == all.Count);
        Assert.True(waiting.TriesOf(all[1]) > 4 * EventBusRig.Attempts);
        Assert.Empty(await _rig.Outbox.DeadLettersAsync(Token));
    }

    [Fact]
    public async Task A_consumer_that_waits_for_its_store_holds_no_other_up_and_misses_nothing()
    {
        var unreachable = new Failures(int.MaxValue, () => new StoreUnavailableException());
        var waiting = new ScriptedConsumer("waiting", unreachable.On(_ => true));
        var other = new ScriptedConsumer("other");
        await _rig.StartAsync([waiting, other]);
        var all = new List<long>();
        for (var group = 0; group < 10; group++)
        {
            all.AddRange(await CommitAsync(1_000));
            await UntilAsync(() => other.Applied.Count == all.Count);
        }

        Assert.Empty(waiting.Applied);
        unreachable.Fail(0, "");
        await UntilAsync(() => waiting.Applied.Count == all.Count);
        Assert.Empty(await _rig.Outbox.DeadLettersAsync(Token));
    }

    [Fact]
    public async Task What_was_not_applied_when_the_bus_stopped_comes_again()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hanging = new ScriptedConsumer(
            "hanging",
            (happened, token) =>
            {
                if (happened.Event != EventBusRig.Event(3))
                {
                    return Task.CompletedTask;
                }

                begun.TrySetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
        );
        await _rig.StartAsync([hanging, new ScriptedConsumer("other")]);
        var all = await CommitAsync(5);
        await begun.Task.WaitAsync(Token);
        await _rig.StopAsync();
        Assert.DoesNotContain(all[2], hanging.Applied);
        Assert.Empty(await _rig.Outbox.DeadLettersAsync(Token));

        ScriptedConsumer[] next = [new("hanging"), new("other")];
        await _rig.StartAsync(next);
        await UntilAsync(() => next[0].Applied.Count > 0 && next[0].Applied[^1] == all[^1]);
        var got = hanging.Applied.Concat(next[0].Applied).Distinct().Order();
        Assert.Equal(all, got);
    }

    [Fact]
    public async Task Over_lives_that_end_at_any_moment_every_consumer_gets_every_event()
    {
        var lives = new List<ScriptedConsumer>();
        var all = new List<long>();
        for (var life = 0; life < 6; life++)
        {
            var enough = new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously
            );
            var left = 11 * (life + 1);
            ScriptedConsumer[] consumers = [new("one", CountAsync), new("two", CountAsync)];
            lives.AddRange(consumers);
            await _rig.StartAsync(consumers);
            all.AddRange(await CommitAsync(40));
            await enough.Task.WaitAsync(Token);
            await _rig.StopAsync();

            Task CountAsync(Committed happened, CancellationToken token)
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    enough.TrySetResult();
                }

                return token.IsCancellationRequested
                    ? Task.FromCanceled(token)
                    : Task.CompletedTask;
            }
        }

        ScriptedConsumer[] last = [new("one"), new("two")];
        lives.AddRange(last);
        await _rig.StartAsync(last);
        all.AddRange(await CommitAsync(1));
        await UntilAsync(() => last.All(consumer => consumer.Applied.Contains(all[^1])));
        Assert.All(
            lives.GroupBy(consumer => consumer.Name),
            one =>
                Assert.Equal(all, one.SelectMany(consumer => consumer.Applied).Distinct().Order())
        );
        Assert.Empty(await _rig.Outbox.DeadLettersAsync(Token));
    }

    [Fact]
    public async Task A_redelivered_event_is_applied_or_buried_again_or_finds_no_consumer()
    {
        var fails = new Failures(int.MaxValue);
        var consumer = new ScriptedConsumer("mended", fails.On(number => number == 2));
        var other = new ScriptedConsumer("other");
        await _rig.StartAsync([consumer, other]);
        var all = await CommitEventsAsync(2);
        var bad = all[1];
        var letter = Assert.Single(await LettersAsync(1));
        await UntilAsync(() => other.Applied.Count == 2);

        fails.Fail(0, "");
        Assert.Equal(Redelivery.NoConsumer, await _rig.Bus.RedeliverAsync("nobody", bad, Token));
        Assert.Equal(Redelivery.Applied, await _rig.Bus.RedeliverAsync("mended", bad, Token));
        Assert.Contains(bad.Sequence, consumer.Applied);
        Assert.Equal(1, other.TriesOf(bad.Sequence));

        fails.Fail(int.MaxValue, "Meant to fail in another way");
        var redelivering = _rig.Bus.RedeliverAsync("mended", bad, Token);
        await UntilAsync(() => redelivering.IsCompleted);
        Assert.Equal(Redelivery.Buried, await redelivering);
        var again = Assert.Single(await LettersAsync(1));
        Assert.Equal(letter.Event.Sequence, again.Event.Sequence);
        Assert.Contains("another way", again.Error, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _rig.DisposeAsync();
    }

    private async Task<List<long>> CommitAsync(int count) =>
        [.. (await CommitEventsAsync(count)).Select(committed => committed.Sequence)];

    private Task<IReadOnlyList<Committed>> CommitEventsAsync(int count) =>
        _rig.CommitAsync([
            .. Enumerable.Range(1, count).Select(number => (DomainEvent)EventBusRig.Event(number)),
        ]);

    /// <summary>Waits while the bus's time goes by.</summary>
    private Task UntilAsync(Func<bool> holds) =>
        Wait.UntilAsync(
            () =>
            {
                _rig.Pass(TimeSpan.FromMilliseconds(200));
                return Task.FromResult(holds());
            },
            () => "what the consumers should have been given",
            Token
        );

    private async Task<IReadOnlyList<DeadLetter>> LettersAsync(int count)
    {
        IReadOnlyList<DeadLetter> letters = [];
        await Wait.UntilAsync(
            async () =>
            {
                _rig.Pass(TimeSpan.FromMilliseconds(200));
                letters = await _rig.Outbox.DeadLettersAsync(Token);
                return letters.Count >= count;
            },
            () => $"{count} dead letters",
            Token
        );
        return letters;
    }

    /// <summary>Of chosen events each fails so many times; the number is the event's.</summary>
    private sealed class Failures(int times, Func<Exception>? fault = null)
    {
        private readonly ConcurrentDictionary<long, int> _failed = new();
        private int _times = times;
        private string _message = "Meant to fail";

        public void Fail(int times, string message)
        {
            _failed.Clear();
            (_times, _message) = (times, message);
        }

        public Func<Committed, CancellationToken, Task> On(Func<long, bool> chosen) =>
            (happened, _) =>
            {
                var number = ((Rookery.Graph.Followed)happened.Event).Followee.Value;
                var failed = chosen(number)
                    ? _failed.AddOrUpdate(happened.Sequence, 1, (_, count) => count + 1)
                    : int.MaxValue;
                return failed <= _times && chosen(number)
                    ? Task.FromException(fault?.Invoke() ?? new InvalidOperationException(_message))
                    : Task.CompletedTask;
            };
    }
}
