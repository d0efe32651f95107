using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// Messages whose events were applied and whom the outbox does not know of yet. It is told of many at once: each note is a commit, for which every other
/// commit of the database waits, and one event would cost as many as it has consumers. Until then the broker has the messages, and gives them to somebody else
/// when this process ends; who applied their events does nothing the second time.
/// </summary>
internal sealed partial class AppliedMessages(BusParts parts) : IDisposable
{
    /// <summary>Long beside a commit, short for whoever waits for a position.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    // The network's time is the system's, whatever the product's is.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _some = new(0);
    private readonly Dictionary<string, List<AppliedMessage>> _held = [];
    private List<AppliedMessage> _waiting = [];
    private TaskCompletionSource _enough = Signal();

    /// <summary>The broker gives a reader no more than it may hold: half of that is the time for a note.</summary>
    private int Enough => Math.Max(1, parts.Options.Prefetch / 2);

    /// <summary>Whether messages of the consumer wait to be noted.</summary>
    public bool Holds(string consumer)
    {
        lock (_lock)
        {
            return _held.ContainsKey(consumer);
        }
    }

    /// <summary>What the consumer has applied here and its position may not tell yet.</summary>
    public IReadOnlyList<SequenceRange> RangesOf(string consumer)
    {
        lock (_lock)
        {
            return [.. _held.GetValueOrDefault(consumer, []).SelectMany(one => one.Ranges)];
        }
    }

    /// <summary>It is acknowledged when the outbox knows. Never waits.</summary>
    public void Add(AppliedMessage message)
    {
        lock (_lock)
        {
            _waiting.Add(message);
            if (!_held.TryGetValue(message.Consumer, out var held))
            {
                _held.Add(message.Consumer, held = []);
            }

            held.Add(message);
            if (held.Count >= Enough)
            {
                _enough.TrySetResult();
            }

            if (_waiting.Count > 1)
            {
                return;
            }
        }

        _some.Release();
    }

    public async Task RunAsync(CancellationToken token)
    {
        while (true)
        {
            await _some.WaitAsync(token);
            await Task.WhenAny(_enough.Task, Task.Delay(Gathering, Clock, token));
            token.ThrowIfCancellationRequested();
            await NoteAsync(Take(), token);
        }
    }

    public void Dispose() => _some.Dispose();

    private static TaskCompletionSource Signal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private List<AppliedMessage> Take()
    {
        lock (_lock)
        {
            var taken = _waiting;
            _waiting = [];
            _enough = Signal();
            return taken;
        }
    }

    private async Task NoteAsync(List<AppliedMessage> messages, CancellationToken token)
    {
        // At the same time, so that one commit has them all.
        await Task.WhenAll(
            messages
                .GroupBy(one => one.Consumer, StringComparer.Ordinal)
                .Select(same => NoteAsync(same.Key, [.. same], token))
        );
    }

    private async Task NoteAsync(
        string consumer,
        List<AppliedMessage> messages,
        CancellationToken token
    )
    {
        var ranges = Joined(messages.SelectMany(one => one.Ranges));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await parts.Retry.WhileUnavailableAsync(
                    consumer,
                    () => parts.Outbox.AddAppliedAsync(consumer, ranges, token),
                    token
                );
                break;
            }
#pragma warning disable CA1031 // A loop's edge: what was not noted is tried again, and the broker has it as long.
            catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Stuck(parts.Logger, fault, consumer, attempt);
                await parts.Retry.AfterAsync(attempt, token);
            }
        }

        foreach (var message in messages)
        {
            await AcknowledgeAsync(message.Held);
        }

        // Before they are let go: who no longer finds them here must find them there.
        parts.Positions.AskAgain();
        LetGo(consumer, messages);
    }

    private static async Task AcknowledgeAsync(HeldMessage held)
    {
        try
        {
            await held.AcknowledgeAsync();
        }
        catch (Exception fault) when (BrokerFault.Is(fault))
        {
            // Its session has ended, and it is in its queue again: it comes once more, and the position tells.
        }
    }

    private void LetGo(string consumer, List<AppliedMessage> messages)
    {
        lock (_lock)
        {
            var held = _held[consumer];
            held.RemoveAll(messages.Contains);
            if (held.Count == 0)
            {
                _held.Remove(consumer);
            }
        }
    }

    private static List<SequenceRange> Joined(IEnumerable<SequenceRange> ranges)
    {
        var joined = new List<SequenceRange>();
        foreach (var range in ranges.OrderBy(one => one.After))
        {
            if (joined is [.., var last] && range.After <= last.Through)
            {
                joined[^1] = last with { Through = Math.Max(last.Through, range.Through) };
            }
            else
            {
                joined.Add(range);
            }
        }

        return joined;
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "What {Consumer} applied could not be noted, {Attempts} times; trying again"
    )]
    private static partial void Stuck(
        ILogger logger,
        Exception fault,
        string consumer,
        int attempts
    );
}

/// <param name="Ranges">Of its events, those that were applied or buried; the others are in another message.</param>
internal sealed record AppliedMessage(
    string Consumer,
    IReadOnlyList<SequenceRange> Ranges,
    HeldMessage Held
);
